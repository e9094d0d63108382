/** The pages above a page about a user. */
export const getUserCrumbs = ({ id, name }: { readonly id: string; readonly name: string }) =>
	[
		{ href: '/admin/users', title: 'Users' },
		{ href: `/admin/users/${id}`, title: name }
	] as const;
