import type { Access } from './operation.ts';

/** The access rule of a page and everything below it, unless a longer prefix has its own. */
export interface PageRule {
	readonly access: Access;
	/** Available while a password change is required. */
	readonly whileMustChange?: true;
	readonly maintenance?: true;
	/** Immich serves the page if this server is in front of one; a path: the page there that replaces it. */
	readonly upstream?: true | `/${string}`;
}

/** Access to pages by route ID prefix; the longest match wins, and no match means no access. */
export const pages: Readonly<Record<string, PageRule>> = {
	'/(console)': { access: {} },
	'/(console)/admin': { access: { admin: true } },
	'/(console)/photos': { access: {}, upstream: true },
	'/(console)/albums': { access: {}, upstream: true },
	'/(console)/account/partners': { access: {}, upstream: '/user-settings?isOpen=partner-sharing' },
	'/(console)/account/shared-links': { access: {}, upstream: '/shared-links' },
	// Where Immich's providers redirect to after linking.
	'/user-settings': { access: {}, upstream: true },
	'/auth/login': { access: { public: true }, whileMustChange: true },
	'/auth/register': { access: { public: true }, whileMustChange: true },
	'/auth/change-password': { access: {}, whileMustChange: true },
	'/share/[key]': { access: { public: true }, whileMustChange: true, upstream: true },
	'/s/[slug]': { access: { public: true }, whileMustChange: true, upstream: true },
	'/maintenance': { access: { public: true }, whileMustChange: true, maintenance: true },
	'/auth/logout': { access: {}, whileMustChange: true },
	'/auth/signed-out': { access: { public: true }, whileMustChange: true }
};

/** Returns the rule with the longest matching prefix of the route. */
export function findPageRule(routeId: string): PageRule | undefined {
	const prefix = Object.keys(pages)
		.filter((page) => routeId === page || routeId.startsWith(`${page}/`))
		.reduce((longest, page) => (page.length > longest.length ? page : longest), '');
	return pages[prefix];
}
