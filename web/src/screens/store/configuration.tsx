import { Link } from '@tanstack/react-router';
import type { components } from '../../api/schema.d.ts';
import { ruleText, scheduleText, scopeText } from '../../draft/line-words.ts';
import { fieldName, plural } from '../../words.ts';

type Configuration = components['schemas']['StoreConfiguration'];

/** The configuration of a store in words. */
export function ConfigurationCards({
  configuration,
  storeId,
}: {
  readonly configuration: Configuration;
  readonly storeId: string;
}) {
  const { mapping, criteria, groups, settings, schedule } = configuration;
  const rules = Object.entries(mapping);
  return (
    <div className="two">
      <section className="card" aria-labelledby="mapping">
        <div className="card-head">
          <h2 id="mapping">Field mapping</h2>
          <span className="soft">{plural(rules.length, 'field')}</span>
        </div>
        <dl className="facts">
          {rules.map(([field, rule]) => (
            <div key={field} className="fact">
              <dt>{fieldName(field)}</dt>
              <dd>{ruleText(rule)}</dd>
            </div>
          ))}
        </dl>
      </section>
      <section className="card" aria-labelledby="settings">
        <div className="card-head">
          <h2 id="settings">Settings</h2>
          <Link to="/stores/$storeId/history" params={{ storeId }} className="more">
            Earlier configurations
          </Link>
        </div>
        <dl className="facts">
          <div className="fact">
            <dt>Who is synced</dt>
            <dd>{scopeText(criteria.users)}</dd>
          </div>
          {statusText(settings.statusSync).map(([label, text]) => (
            <div key={label} className="fact">
              <dt>{label}</dt>
              <dd>{text}</dd>
            </div>
          ))}
          {groupText(groups).map(([label, text]) => (
            <div key={label} className="fact">
              <dt>{label}</dt>
              <dd>{text}</dd>
            </div>
          ))}
          <div className="fact">
            <dt>Schedule</dt>
            <dd>{scheduleText(schedule)}</dd>
          </div>
        </dl>
      </section>
    </div>
  );
}

/** What a store does about the groups of its directory, in words. */
function groupText({
  sync,
  criteria,
  left,
  deleted,
  roles,
}: Configuration['groups']): readonly (readonly [string, string])[] {
  if (!sync) return [['Groups', 'are not synced']];
  const count = Object.keys(roles).length;
  return [
    ['Groups', criteria === 'all' ? 'all are followed' : scopeText(criteria)],
    ['Group deleted', deleted === 'keep' ? 'it stays, unlinked' : 'its removal waits for you'],
    ...(left === 'keep' ? [] : [['Left the last group', 'the member becomes inactive'] as const]),
    ...(count === 0 ? [] : [['Roles', `from ${plural(count, 'group')}`] as const]),
  ];
}

function statusText({
  mode,
  deactivated,
  deleted,
  outOfScope,
  staged,
}: Configuration['settings']['statusSync']): readonly (readonly [string, string])[] {
  if (mode === 'ignore') return [['Status', 'does not follow the directory']];
  const remove = { deactivate: 'becomes inactive', delete: 'is deleted' } as const;
  return [
    ['Suspended', `the member ${remove[deactivated]}`],
    ['Deleted', `the member ${remove[deleted]}`],
    [
      'Out of scope',
      outOfScope === 'keep' ? 'the member stays as it is' : 'the member becomes inactive',
    ],
    ['Staged', staged === 'skip' ? 'is no member yet' : 'is an inactive member'],
  ];
}
