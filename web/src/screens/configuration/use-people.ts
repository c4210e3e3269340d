import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { SourceUser } from '../../../../src/core/model/source-user.ts';
import type { MappingRule } from '../../api/client.ts';
import {
  attributesQuery,
  mappingPreviewQuery,
  sampleQuery,
} from '../../api/queries/configuration.ts';
import { evaluateInWorker, TooSlow } from '../../draft/evaluate.ts';
import { mappingPrefix } from '../../draft/lines.ts';
import { type Core, useCore } from '../../draft/use-core.ts';
import type { Editing } from './use-editing.ts';

/** What the first people of the directory would have. */
export interface People {
  readonly users: readonly {
    readonly externalId: string;
    readonly fields: readonly {
      readonly field: string;
      readonly value: string | null;
      readonly problem: string | null;
    }[];
  }[];
  readonly busy: boolean;
  /** An expression takes too long for the page: Rollcall itself was asked. */
  readonly isSlow: boolean;
  readonly error: Error | null;
}

type Rules = Readonly<Record<string, MappingRule>>;
const shown = 8;
const typingMs = 600;

/** The first people with the drafted mapping, made in the browser; fields that are wrong are left out. */
export function usePeople({ storeId, now, complaints, mayEdit }: Editing): People {
  const core = useCore();
  const sample = useQuery({ ...sampleQuery(storeId, shown), enabled: mayEdit });
  const users = sample.data?.users;
  const rules = Object.fromEntries(
    Object.entries(now.mapping).flatMap(([field, rule]) =>
      rule === null || complaints.has(mappingPrefix + field) ? [] : [[field, rule]],
    ),
  );
  const made = useQuery({
    queryKey: ['mapped', storeId, rules, users],
    enabled: core !== null && users !== undefined,
    retry: false,
    gcTime: 0,
    placeholderData: keepPreviousData,
    queryFn: () => mapPeople(core, rules, users),
  });
  const isSlow = made.error instanceof TooSlow;
  const asked = usePaused(rules);
  const preview = useQuery({
    ...mappingPreviewQuery(storeId, asked, shown),
    enabled: isSlow && mayEdit,
    placeholderData: keepPreviousData,
  });
  return {
    users: (isSlow ? preview.data?.users : made.data) ?? [],
    busy: sample.isFetching || (isSlow && preview.isFetching),
    isSlow,
    error: sample.error ?? (isSlow ? preview.error : made.error),
  };
}

async function mapPeople(
  core: Core | null,
  rules: Rules,
  sampled: readonly Pick<SourceUser, 'externalId' | 'state' | 'record' | 'custom'>[] = [],
): Promise<People['users']> {
  if (core === null) return [];
  const users = sampled.map((user): SourceUser => ({ ...user, orgId: null }));
  const mapped = await core.openMapping(rules, evaluateInWorker)(users);
  return mapped.map(({ values, problems }, at) => ({
    externalId: users[at]?.externalId ?? '',
    fields: Object.keys(rules).map((field) => ({
      field,
      value: (values as Readonly<Record<string, string | null>>)[field] ?? null,
      problem: problems.find((one) => one.field === field)?.message ?? null,
    })),
  }));
}

/** The attributes of the first people, with how many have each; null while they are not known. */
export function useAttributes({ storeId, mayEdit }: Editing) {
  const { data } = useQuery({ ...attributesQuery(storeId), enabled: mayEdit });
  return data ?? null;
}

export type Attributes = NonNullable<ReturnType<typeof useAttributes>>;

function usePaused(rules: Rules): Rules {
  const [paused, setPaused] = useState(rules);
  const key = JSON.stringify(rules);
  useEffect(() => {
    const timer = setTimeout(() => setPaused(JSON.parse(key) as Rules), typingMs);
    return () => clearTimeout(timer);
  }, [key]);
  return paused;
}
