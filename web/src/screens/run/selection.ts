/** Which held records are chosen: some, by their source ids, or all that match the filter of the list. */
export type Selection =
  | { readonly is: 'some'; readonly ids: ReadonlySet<string> }
  | { readonly is: 'all' };

export const noneChosen: Selection = { is: 'some', ids: new Set() };
