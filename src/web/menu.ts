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
}

export interface MenuItem {
  path: string;
  label: string;
  icon: string;
  current: boolean;
}

export function menuItems(
  menu: readonly MenuEntry[],
  here: string,
  allowed: (permission: MenuEntry['permission']) => boolean,
  t: T,
): MenuItem[] {
  return menu
    .filter(({ permission }) => allowed(permission))
    .map(({ path, label, icon }) => ({ path, icon, label: t(label), current: isBelow(here, path) }));
}

const isBelow = (here: string, path: string) => here === path || here.startsWith(`${path}/`);
