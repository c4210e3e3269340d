import { Link, type LinkProps } from '@tanstack/react-router';
import type { ButtonHTMLAttributes, ReactNode } from 'react';
import css from './button.module.css';

interface Shape {
  readonly look?: 'plain' | 'primary' | 'danger' | 'quiet';
  readonly small?: boolean;
  /** The button shows an icon alone: give it an `aria-label`. */
  readonly icon?: boolean;
}

function classOf({ look = 'plain', small = false, icon = false }: Shape): string {
  const names = [
    css['button'],
    look === 'plain' ? undefined : css[look],
    small ? css['small'] : undefined,
    icon ? css['icon'] : undefined,
  ];
  return names.filter((name) => name !== undefined).join(' ');
}

export function Button({
  look = 'plain',
  small = false,
  icon = false,
  type = 'button',
  ...rest
}: Shape & ButtonHTMLAttributes<HTMLButtonElement>) {
  return <button type={type} {...rest} className={classOf({ look, small, icon })} />;
}

export function ButtonLink({
  look = 'plain',
  small = false,
  children,
  ...rest
}: Shape & LinkProps & { readonly children: ReactNode }) {
  return (
    <Link {...rest} className={classOf({ look, small })}>
      {children}
    </Link>
  );
}
