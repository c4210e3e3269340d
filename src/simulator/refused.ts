/** The simulator can't do what was asked; the message says why and what would be right. */
export class Refused extends Error {
  override readonly name = 'Refused';
}
