import { useQuery } from '@tanstack/react-query';
import { storesQuery } from '../api/queries/stores.ts';

interface StoreFilterProps {
  readonly chosen: string | undefined;
  readonly onChange: (storeId: string | undefined) => void;
}

/** Shows one store alone, or all. */
export function StoreFilter({ chosen, onChange }: StoreFilterProps) {
  const { data } = useQuery(storesQuery);
  return (
    <label className="pick">
      <span className="sr">Store</span>
      <select
        className="input"
        value={chosen ?? ''}
        onChange={({ target: { value } }) => onChange(value === '' ? undefined : value)}
      >
        <option value="">All stores</option>
        {data?.items.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
