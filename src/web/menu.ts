import type { T } from '../platform/i18n.ts';
import type { CompanyPermission } from './context.ts';

/** One entry of the main menu; shown to whom its permission lets in. */
export interface MenuEntry {
  /** the page, and the beginning of every address below it */
  path: string;
  /** key of its words */
  label: string;
  /** in `public/icons.svg` */
  icon: string;
  permission: CompanyPermission | 'moderator' | 'admin';
  /** of what waits there: its number stands beside the words */
  waiting?: 'duplicates' | 'cases';
}

export interface MenuItem {
  path: string;
  label: string;
  icon: string;
  current: boolean;
  /** null: nothing waits there */
  waiting: string | null;
}

export function menuItems(
  menu: readonly MenuEntry[],
  here: string,
  allowed: (permission: MenuEntry['permission']) => boolean,
  t: T,
  waiting: { duplicates: number; cases: number },
): MenuItem[] {
  return menu
    .filter(({ permission }) => allowed(permission))
    .map(({ path, label, icon, waiting: of }) => ({
      path,
      icon,
      label: t(label),
      current: isBelow(here, path),
      waiting: of ? numberOf(waiting[of]) : null,
    }));
}

/** More than 99 are not counted. */
const numberOf = (count: number) => (count === 0 ? null : count > 99 ? '99+' : String(count));

export const isBelow = (here: string, path: string) => here === path || here.startsWith(`${path}/`);
