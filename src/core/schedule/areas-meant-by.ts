/** What the abbreviations of time zones stand for, by the first letter. Several mean one area, several more than one. */
const areasByAbbreviation: Readonly<Record<string, readonly string[]>> = {
  ACST: ['Australia/Adelaide', 'Australia/Darwin'],
  ACT: ['Australia/Darwin', 'America/Rio_Branco'],
  ADT: ['America/Halifax'],
  AEDT: ['Australia/Sydney'],
  AEST: ['Australia/Sydney', 'Australia/Brisbane'],
  AET: ['Australia/Sydney', 'Australia/Brisbane'],
  AKST: ['America/Anchorage'],
  ART: ['America/Argentina/Buenos_Aires', 'Africa/Cairo'],
  AST: ['America/Halifax', 'Asia/Riyadh'],
  AWST: ['Australia/Perth'],
  BRT: ['America/Sao_Paulo'],
  BST: ['Europe/London', 'Asia/Dhaka'],
  CAT: ['Africa/Maputo'],
  CDT: ['America/Chicago', 'America/Havana'],
  CEST: ['Europe/Berlin', 'Europe/Paris', 'Europe/Madrid'],
  CET: ['Europe/Berlin', 'Europe/Paris', 'Europe/Madrid', 'Africa/Algiers'],
  CST: ['America/Chicago', 'Asia/Shanghai', 'America/Havana'],
  CTT: ['Asia/Shanghai'],
  EAT: ['Africa/Nairobi'],
  ECT: ['Europe/Paris', 'America/Guayaquil'],
  EDT: ['America/New_York'],
  EEST: ['Europe/Athens', 'Europe/Helsinki', 'Europe/Kyiv'],
  EET: ['Europe/Athens', 'Europe/Helsinki', 'Europe/Kyiv', 'Africa/Cairo'],
  EST: ['America/New_York', 'America/Panama', 'America/Jamaica'],
  GMT: ['UTC', 'Europe/London', 'Africa/Abidjan'],
  GST: ['Asia/Dubai', 'Atlantic/South_Georgia'],
  HKT: ['Asia/Hong_Kong'],
  HST: ['Pacific/Honolulu'],
  ICT: ['Asia/Bangkok'],
  IDT: ['Asia/Jerusalem'],
  IET: ['America/Indiana/Indianapolis'],
  IST: ['Asia/Kolkata', 'Europe/Dublin', 'Asia/Jerusalem'],
  JST: ['Asia/Tokyo'],
  KST: ['Asia/Seoul'],
  MDT: ['America/Denver'],
  MET: ['Europe/Berlin', 'Europe/Paris'],
  MSK: ['Europe/Moscow'],
  MST: ['America/Denver', 'America/Phoenix', 'Asia/Kuala_Lumpur'],
  NDT: ['America/St_Johns'],
  NST: ['America/St_Johns'],
  NZDT: ['Pacific/Auckland'],
  NZST: ['Pacific/Auckland'],
  PDT: ['America/Los_Angeles'],
  PHT: ['Asia/Manila'],
  PKT: ['Asia/Karachi'],
  PLT: ['Asia/Karachi'],
  PNT: ['America/Phoenix'],
  PRT: ['America/Puerto_Rico'],
  PST: ['America/Los_Angeles', 'Asia/Manila'],
  ROC: ['Asia/Taipei'],
  SAST: ['Africa/Johannesburg'],
  SGT: ['Asia/Singapore'],
  SST: ['Pacific/Pago_Pago', 'Asia/Singapore', 'Pacific/Guadalcanal'],
  UCT: ['UTC'],
  VST: ['Asia/Ho_Chi_Minh'],
  WAT: ['Africa/Lagos'],
  WEST: ['Europe/Lisbon'],
  WET: ['Europe/Lisbon', 'Atlantic/Canary'],
  WIB: ['Asia/Jakarta'],
  Z: ['UTC'],
};

/** The IANA areas that a name such as `IST`, `EST5EDT`, `India Standard Time` or `Japan` may mean; none if unknown. */
export function areasMeantBy(timezone: string): readonly string[] {
  const name = timezone.toUpperCase().replace(/^ETC\//, '');
  const [, pair] = /^([A-Z]{3,4})\d{1,2}[A-Z]{0,4}$/.exec(name) ?? [];
  const initials = /^[A-Z]+(?: [A-Z]+){1,4}$/.test(name)
    ? name.split(' ').map((word) => word.charAt(0))
    : [];
  const abbreviation = pair ?? (initials.length > 0 ? initials.join('') : name);
  const areas = Object.hasOwn(areasByAbbreviation, abbreviation)
    ? areasByAbbreviation[abbreviation]
    : undefined;
  return areas ?? (/^[A-Z-]+$/.test(name) ? areaOfOldName(name) : []);
}

/** Names without an area, such as `Japan` and `Zulu`, of the first years of the time zone database. */
function areaOfOldName(name: string): readonly string[] {
  const area = resolveTimeZone(name);
  return area?.includes('/') || area === 'UTC' ? [area] : [];
}

/** The present name of a time zone; null when there is none of this name. */
export function resolveTimeZone(timezone: string): string | null {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: timezone }).resolvedOptions().timeZone;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
