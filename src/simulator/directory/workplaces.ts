/* Generated organizations, departments, jobs and groups. */

export interface Department {
  readonly name: string;
  readonly costCenter: string;
  readonly jobTitles: readonly string[];
  /** The group that the people of this department are in. */
  readonly group: string;
}

export const departments: readonly Department[] = [
  {
    name: 'Engineering',
    costCenter: 'CC-1100',
    jobTitles: ['Software Engineer', 'Senior Software Engineer', 'Site Reliability Engineer'],
    group: 'Engineers',
  },
  {
    name: 'Sales',
    costCenter: 'CC-2100',
    jobTitles: ['Account Executive', 'Sales Engineer', 'Sales Development Representative'],
    group: 'Sales',
  },
  {
    name: 'Marketing',
    costCenter: 'CC-2200',
    jobTitles: ['Content Strategist', 'Product Marketing Lead', 'Événementiel & PR'],
    group: 'Marketing',
  },
  {
    name: 'Customer Support',
    costCenter: 'CC-2300',
    jobTitles: ['Support Engineer', 'Support Lead'],
    group: 'Support',
  },
  {
    name: 'Finance',
    costCenter: 'CC-3100',
    jobTitles: ['Accountant', 'Controller', 'Payroll Specialist'],
    group: 'Finance',
  },
  {
    name: 'People & Culture',
    costCenter: 'CC-3200',
    jobTitles: ['HR Business Partner', 'Recruiter'],
    group: 'People Team',
  },
  {
    name: 'IT',
    costCenter: 'CC-1200',
    jobTitles: ['Systems Administrator', 'Security Analyst', 'Help Desk Technician'],
    group: 'IT',
  },
  {
    name: 'Forschung und Entwicklung',
    costCenter: 'CC-1300',
    jobTitles: ['Research Scientist', 'Laborant/in'],
    group: 'Research',
  },
];

/** Groups beyond the departments': name, and the share of users in it. */
export const otherGroups: readonly { readonly name: string; readonly share: number }[] = [
  { name: 'VPN Users', share: 0.4 },
  { name: 'Contractors', share: 0.08 },
  { name: 'Retired Systems Owners', share: 0 },
  { name: 'On Call', share: 0.05 },
  { name: 'Küche & Kaffee', share: 0.1 },
  { name: 'Board Observers', share: 0 },
];

export const employeeTypes: readonly string[] = ['Full-time', 'Part-time', 'Contractor', 'Intern'];
export const offices: readonly string[] = ['Boulder HQ', 'Dublin', 'Berlin', 'Chennai', 'Remote'];
export const shirtSizes: readonly string[] = ['XS', 'S', 'M', 'L', 'XL', '3XL'];

/** Organizations by seed: a name and the domain of its addresses, reserved so that no mail is ever sent. */
export const organizationNames: readonly { readonly name: string; readonly domain: string }[] = [
  { name: 'Northwind Traders', domain: 'northwind.example' },
  { name: 'Brightwater Robotics', domain: 'brightwater.example' },
  { name: 'Halden & Söhne', domain: 'halden.example' },
  { name: 'Tamarind Labs', domain: 'tamarind.example' },
];
