import type { Attention } from '../../api/client.ts';
import { ButtonLink } from '../../ui/button.tsx';
import { Time } from '../../ui/time.tsx';
import css from './needs.module.css';
import { sentencesOf } from './sentences.ts';

/** What waits for a person, each with one action. */
export function Needs({ items }: { readonly items: readonly Attention[] }) {
  if (items.length === 0) return null;
  return (
    <ul className={css['needs']} aria-label="What needs you">
      {items.map((item) => {
        const { kind, store, run, since, path, params } = item;
        const { tone, icon: Icon, title, text, action } = sentencesOf(item);
        const key = [kind, store?.id, run, params.tokenName ?? params.domain].join(' ');
        return (
          <li key={key} className={`${css['need']} ${css[tone]}`}>
            <span className={css['sign']} aria-hidden>
              <Icon size={20} />
            </span>
            <div className={css['say']}>
              <h2>{title}</h2>
              <p>{text}</p>
            </div>
            <div className={css['acts']}>
              {since !== null && <Time at={since} />}
              <ButtonLink {...linkTo(path)} small look={tone === 'neutral' ? 'plain' : 'primary'}>
                {action}
              </ButtonLink>
            </div>
          </li>
        );
      })}
    </ul>
  );
}

/** An address that the API names, as the router takes it. */
function linkTo(path: string) {
  const { pathname, searchParams, hash } = new URL(path, location.origin);
  return {
    to: pathname as '/',
    search: Object.fromEntries(searchParams),
    ...(hash !== '' && { hash: hash.slice(1) }),
  };
}
