import { Link } from '@tanstack/react-router';
import { ArrowLeft, Check } from 'lucide-react';
import type { ReactNode } from 'react';
import css from './wizard.module.css';

export const steps = ['connect', 'mapping', 'settings', 'preview'] as const;
export type Step = (typeof steps)[number];

export const stepNames = (via: 'api' | 'scim'): Readonly<Record<Step, string>> => ({
  connect: 'Connect',
  mapping: 'Map fields',
  settings: 'Settings',
  preview: via === 'scim' ? 'Push from the directory' : 'Preview and sync',
});

interface WizardProps {
  readonly title: string;
  readonly step: Step;
  readonly via: 'api' | 'scim';
  /** The store that is set up; its steps can be gone to. Null while there is none. */
  readonly storeId: string | null;
  readonly children: ReactNode;
  readonly foot: ReactNode;
}

/** The frame around each step of a set-up. */
export function Wizard({ title, step, via, storeId, children, foot }: WizardProps) {
  const at = steps.indexOf(step);
  const names = stepNames(via);
  return (
    <div className={css['wizard']}>
      <header className={css['top']}>
        <Link to="/stores" className={css['back']}>
          <ArrowLeft size={15} aria-hidden />
          Directory stores
        </Link>
        <h1 dir="auto">{title}</h1>
        <ol className={css['steps']} aria-label="Steps">
          {steps.map((one, index) => (
            <li
              key={one}
              data-state={index < at ? 'done' : index === at ? 'now' : 'next'}
              aria-current={index === at ? 'step' : undefined}
            >
              <span className={css['ball']} aria-hidden>
                {index < at ? <Check size={14} /> : index + 1}
              </span>
              <span className={css['name']}>
                {storeId === null || index === at ? (
                  names[one]
                ) : (
                  <Link
                    to="/stores/$storeId/setup/$step"
                    params={{ storeId, step: one }}
                    className="plain"
                  >
                    {names[one]}
                  </Link>
                )}
                {index < at && <span className="sr"> (done)</span>}
              </span>
            </li>
          ))}
        </ol>
      </header>
      {children}
      <footer className={css['foot']}>{foot}</footer>
    </div>
  );
}
