/**
 * Invents the person behind a customer number, always the same one. All of a person's orders share a phone or an e-mail, so
 * that they are found to be one customer:
 * - the first phone is +44 7400 and the number in six digits, the second one +44 7500;
 * - numbers that divide by 3 have two phones: even invoices give both, odd ones the second;
 * - numbers that divide by 4 write the first phone in two ways;
 * - the e-mail is buyer<number>@example.com (every other domain of RFC 2606 in turn), written in capitals on odd invoices of
 *   numbers that divide by 5;
 * - numbers that divide by 7 never give an e-mail, and always all their phones;
 * - numbers that divide by 11 have an account at the shop.
 */
export function personOf(customer: string, invoice: string, region: string) {
  const id = Number(customer);
  const odd = Number(invoice.at(-1)) % 2 === 1;
  const withEmail = id % 7 !== 0;
  const first = phone('7400', customer, id % 4 === 0 && odd);
  const second = phone('7500', customer, false);
  const phones = id % 3 !== 0 ? [first] : odd && withEmail ? [second] : [first, second];
  const email = `buyer${customer}@example.${['com', 'org', 'net'][id % 3]}`;
  const given = FIRST[id % FIRST.length] as (typeof FIRST)[number];
  return {
    ...(id % 11 === 0 && { accountId: `shop-${customer}` }),
    name: `${given.name} ${LAST[Math.floor(id / FIRST.length) % LAST.length]}`,
    gender: given.gender,
    phones,
    emails: withEmail ? [id % 5 === 0 && odd ? email.toUpperCase() : email] : [],
    ...(region && region !== 'Unspecified' && { region }),
  };
}

function phone(prefix: string, customer: string, otherwise: boolean): string {
  const digits = customer.padStart(6, '0');
  return otherwise ? `0044${prefix}${digits}` : `+44 ${prefix} ${digits}`;
}

const women =
  'Abigail Beatrice Clara Daisy Edith Fiona Grace Harriet Isla Josephine Keira Lydia Mabel Nora Olive Phoebe Rosie';
const men =
  'Albert Bernard Cecil Dexter Edgar Felix Gilbert Hugo Ivor Jasper Kenneth Leonard Miles Nigel Oscar Percy Rupert';
const FIRST = [
  ...women.split(' ').map((name) => ({ name, gender: 'female' as const })),
  ...men.split(' ').map((name) => ({ name, gender: 'male' as const })),
];
const LAST =
  'Appleby Barrow Chestnut Dunmore Elderfield Fairweather Greenhill Hawthorn Ivyson Juniper Kettlewell Larkspur Meadows Northgate Oakley Pemberton Quillfeather Rowanby Sandgate Thistlewood Underhill Vineyard Willowby Yarrow'.split(
    ' ',
  );
