import { useMay } from '../../shell/use-role.ts';
import { useTitle } from '../../shell/use-title.ts';
import { ButtonLink } from '../../ui/button.tsx';
import css from './wizard.module.css';

const kinds = [
  {
    way: 'jumpcloud',
    name: 'JumpCloud, by API',
    what: 'Rollcall reads the directory at the times that you choose. It can preview a sync and explain each member.',
    needs: [
      'An API key of a JumpCloud administrator, or a service account. The role Read Only is enough.',
    ],
  },
  {
    way: 'jumpcloud-scim',
    name: 'JumpCloud, over SCIM',
    what: 'JumpCloud pushes the users of the groups that you choose, as soon as they change.',
    needs: [
      'An administrator of JumpCloud who can add an application with Identity Management.',
      'An address of Rollcall that JumpCloud can reach.',
    ],
  },
  {
    way: 'scim',
    name: 'Another SCIM client',
    what: 'Anything that speaks SCIM 2.0 pushes its users and groups.',
    needs: ['A place in the client for a base URL and a bearer token.'],
  },
] as const;

/** The directories that can be added, and what each needs. */
export function Gallery() {
  useTitle('Add a directory');
  const mayAdd = useMay('admin');
  return (
    <div className="page">
      <div>
        <h1>Add a directory</h1>
        <p className="lead">Where do your people come from?</p>
      </div>
      {!mayAdd && <p className="soft">To add a directory takes the role admin.</p>}
      <div className={css['gallery']}>
        {kinds.map(({ way, name, what, needs }) => (
          <section key={way} className={`card ${css['kind']}`} aria-label={name}>
            <h2>{name}</h2>
            <p>{what}</p>
            <h3 className="soft">You need</h3>
            <ul>
              {needs.map((need) => (
                <li key={need}>{need}</li>
              ))}
            </ul>
            {mayAdd && (
              <ButtonLink look="primary" to="/stores/new/$way" params={{ way }}>
                Add<span className="sr"> {name}</span>
              </ButtonLink>
            )}
          </section>
        ))}
      </div>
    </div>
  );
}
