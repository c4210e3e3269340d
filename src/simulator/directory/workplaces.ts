/* Generated organizations, departments, jobs and groups. */

/** Departments, their cost centers, and the groups that their people are in. */
export const departments = [
  { name: 'Engineering', costCenter: 'CC-1100', group: 'Engineers' },
  { name: 'Sales', costCenter: 'CC-2100', group: 'Sales' },
  { name: 'Marketing', costCenter: 'CC-2200', group: 'Marketing' },
  { name: 'Customer Support', costCenter: 'CC-2300', group: 'Support' },
  { name: 'Finance', costCenter: 'CC-3100', group: 'Finance' },
  { name: 'People & Culture', costCenter: 'CC-3200', group: 'People Team' },
  { name: 'IT', costCenter: 'CC-1200', group: 'IT' },
  { name: 'Forschung und Entwicklung', costCenter: 'CC-1300', group: 'Research' },
] as const;

type DepartmentName = (typeof departments)[number]['name'];

export const jobTitles: Readonly<Record<DepartmentName, readonly string[]>> = {
  Engineering: ['Software Engineer', 'Senior Software Engineer', 'Site Reliability Engineer'],
  Sales: ['Account Executive', 'Sales Engineer', 'Sales Development Representative'],
  Marketing: ['Content Strategist', 'Product Marketing Lead', 'Événementiel & PR'],
  'Customer Support': ['Support Engineer', 'Support Lead'],
  Finance: ['Accountant', 'Controller', 'Payroll Specialist'],
  'People & Culture': ['HR Business Partner', 'Recruiter'],
  IT: ['Systems Administrator', 'Security Analyst', 'Help Desk Technician'],
  'Forschung und Entwicklung': ['Research Scientist', 'Laborant/in'],
};

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
