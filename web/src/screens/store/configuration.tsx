import { Link } from '@tanstack/react-router';
import type { components } from '../../api/schema.d.ts';
import { fieldName, plural } from '../../words.ts';

type Configuration = components['schemas']['StoreConfiguration'];
type Rule = Configuration['mapping'][string];

/** The configuration of a store in words. */
export function ConfigurationCards({
  configuration,
  storeId,
}: {
  readonly configuration: Configuration;
  readonly storeId: string;
}) {
  const { mapping, criteria, settings, schedule } = configuration;
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
          <div className="fact">
            <dt>Schedule</dt>
            <dd>{schedule === null ? 'by hand' : scheduleText(schedule)}</dd>
          </div>
        </dl>
      </section>
    </div>
  );
}

function ruleText(rule: Rule): string {
  if (rule === null) return 'not mapped';
  if ('value' in rule && rule.value !== undefined) return `“${rule.value}” for everybody`;
  if ('custom' in rule && rule.custom !== undefined) return `custom attribute ${rule.custom}`;
  if ('expression' in rule && rule.expression !== undefined) return rule.expression;
  return 'attribute' in rule ? String(rule.attribute) : '';
}

function scopeText(users: Configuration['criteria']['users']): string {
  if (users === 'all') return 'everybody in the directory';
  return `those that match ${plural(users.conditions.length, 'condition')}`;
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

function scheduleText(schedule: NonNullable<Configuration['schedule']>): string {
  const { enabled, frequency } = schedule;
  const when = frequency === 'cron' ? schedule.cron : `${frequency} at ${schedule.time}`;
  return `${when}, ${schedule.timezone}${enabled ? '' : ' (off)'}`;
}
