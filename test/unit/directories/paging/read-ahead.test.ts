import {
  createPageReader,
  type PageRequest,
} from '../../../../src/directories/paging/read-ahead.ts';

function readerOf(total: number) {
  const requests: PageRequest[] = [];
  const reader = createPageReader(
    async (request) => {
      request.onAttempt();
      requests.push(request);
      return { rows: [request.skip], total };
    },
    { step: 99, width: 3 },
  );
  return { reader, skips: () => requests.map(({ skip }) => skip), requests };
}

describe('createPageReader', () => {
  it('reads nothing ahead before it knows a total', async () => {
    const { reader, skips } = readerOf(1000);
    await reader.at(0);
    expect(skips()).toEqual([0]);
    expect(reader.requests()).toBe(1);
  });

  it('reads this many pages ahead, each once', async () => {
    const { reader, skips } = readerOf(1000);
    for (const skip of [0, 99, 198]) await reader.at(skip);
    expect(skips()).toEqual([0, 99, 198, 297, 396, 495]);
  });

  it('reads no further than the first page past the total', async () => {
    const { reader, skips } = readerOf(150);
    for (const skip of [0, 99, 198]) await reader.at(skip);
    expect(skips()).toEqual([0, 99, 198]);
  });

  it.each([
    ['an unforeseen page', (reader: ReturnType<typeof readerOf>['reader']) => reader.at(49)],
    ['a page afresh', (reader: ReturnType<typeof readerOf>['reader']) => reader.afresh(198)],
  ])('drops the pages read ahead for %s', async (_, read) => {
    const { reader, requests, skips } = readerOf(1000);
    await reader.at(0);
    await reader.at(99);
    const before = [...requests];
    await read(reader);
    expect(before.every(({ signal }) => signal.aborted)).toBe(true);
    expect(requests.slice(before.length).some(({ signal }) => signal.aborted)).toBe(false);
    await reader.at(297);
    expect(skips().filter((skip) => skip === 297)).toHaveLength(2);
  });
});
