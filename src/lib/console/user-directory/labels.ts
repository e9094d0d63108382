import type { UserColumn } from '#lib/contract/user-directory/user-directory.ts';

export const roleOptions = [
	{ value: '', label: 'Any role' },
	{ value: 'admin', label: 'Administrators' },
	{ value: 'user', label: 'Users' }
];

export const statusOptions = [
	{ value: '', label: 'Not deleted' },
	{ value: 'active', label: 'Active' },
	{ value: 'mustChange', label: 'Password change required' },
	{ value: 'expired', label: 'Temporary password expired' },
	{ value: 'deleted', label: 'Deleted' },
	{ value: 'all', label: 'All, including deleted' }
];

export const signInOptions = [
	{ value: '', label: 'Any' },
	{ value: 'oauth', label: 'OAuth linked' },
	{ value: 'password', label: 'Not linked' }
];

export const quotaOptions = [
	{ value: '', label: 'Any' },
	{ value: 'over', label: 'Over quota' }
];

export const lastSeenOptions = [
	{ value: '', label: 'Any time' },
	{ value: 'never', label: 'Never' }
];

export const sortOptions = [
	{ value: 'name', label: 'Name' },
	{ value: 'email', label: 'Email' },
	{ value: 'usage', label: 'Storage' },
	{ value: 'lastSeenAt', label: 'Last active' },
	{ value: 'createdAt', label: 'Created' }
];

export const directionOptions = [
	{ value: 'asc', label: 'Ascending' },
	{ value: 'desc', label: 'Descending' }
];

export const columnTitles: Readonly<Record<UserColumn, string>> = {
	email: 'Email',
	role: 'Role',
	status: 'Status',
	signIn: 'Sign-in',
	label: 'Storage label',
	usage: 'Storage',
	lastSeenAt: 'Last active',
	createdAt: 'Created'
};
