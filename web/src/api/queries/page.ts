const pageSize = 100;

/** The part of a question that asks for one page of a list. */
export const pageOf = (cursor: string | undefined) => ({
  limit: pageSize,
  ...(cursor !== undefined && { cursor }),
});
