import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { Sections } from '../../api/client.ts';
import { attributesQuery, mappingPreviewQuery } from '../../api/queries/configuration.ts';
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
  readonly error: Error | null;
}

const shown = 8;
const typingMs = 600;

/** The first people with the drafted mapping, asked when typing pauses; a mapping that is wrong is not asked for. */
export function usePeople({ storeId, now, complaints, mayEdit }: Editing): People {
  const isSound = ![...complaints.keys()].some((path) => path.startsWith('mapping'));
  const mapping = usePaused(now.mapping);
  const preview = useQuery({
    ...mappingPreviewQuery(storeId, mapping, shown),
    enabled: mayEdit && isSound,
    placeholderData: keepPreviousData,
  });
  return {
    users: preview.data?.users ?? [],
    busy: preview.isFetching,
    error: preview.error,
  };
}

/** The attributes of the first people, with how many have each; null while they are not known. */
export function useAttributes({ storeId, mayEdit }: Editing) {
  const { data } = useQuery({ ...attributesQuery(storeId), enabled: mayEdit });
  return data ?? null;
}

export type Attributes = NonNullable<ReturnType<typeof useAttributes>>;

function usePaused(mapping: Sections['mapping']): Sections['mapping'] {
  const [paused, setPaused] = useState(mapping);
  useEffect(() => {
    const timer = setTimeout(() => setPaused(mapping), typingMs);
    return () => clearTimeout(timer);
  }, [mapping]);
  return paused;
}
