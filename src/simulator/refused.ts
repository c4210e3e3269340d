/** The simulator can't do what was asked; the message says why and what would be right. */
export class Refused extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'Refused';
  }
}
