/** What was asked of the simulator can't be done; the message says why and what would be right. */
export class Refused extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'Refused';
  }
}
