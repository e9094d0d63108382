import type { Access } from './operation.ts';

/** The rule of a page and of everything below it, until a longer prefix has its own. */
export interface PageRule {
	readonly access: Access;
	/** Admits a user who must change the password first. */
	readonly whileMustChange?: true;
	readonly maintenance?: true;
}

/** Access to pages, by route-id prefix; the longest match wins and no match means no entry. */
export const pages: Readonly<Record<string, PageRule>> = {
	'/(console)': { access: {} },
	'/(console)/admin': { access: { admin: true } },
	// Where Immich's providers lead back to after linking.
	'/user-settings': { access: {} },
	'/auth/login': { access: { public: true }, whileMustChange: true },
	'/auth/register': { access: { public: true }, whileMustChange: true },
	'/auth/change-password': { access: {}, whileMustChange: true },
	'/maintenance': { access: { public: true }, whileMustChange: true, maintenance: true },
	'/auth/logout': { access: {}, whileMustChange: true },
	'/auth/signed-out': { access: { public: true }, whileMustChange: true }
};

/** Finds the rule of the longest prefix of the route that has one. */
export function pageRuleOf(routeId: string): PageRule | undefined {
	const prefix = Object.keys(pages)
		.filter((page) => routeId === page || routeId.startsWith(`${page}/`))
		.reduce((longest, page) => (page.length > longest.length ? page : longest), '');
	return pages[prefix];
}
