import {
	mdiAccountOutline,
	mdiAccountPlusOutline,
	mdiDevices,
	mdiDeleteOutline,
	mdiKeyboardOutline,
	mdiKeyOutline,
	mdiKeyPlus,
	mdiLogout,
	mdiPencilOutline,
	mdiShieldAlertOutline,
	mdiThemeLightDark
} from '@mdi/js';
import type { UserSuggestion } from '#lib/contract/user-directory/user-suggestion.ts';
import { navigationFor, type Reader } from '../navigation.ts';

export type CommandAction = 'switchTheme' | 'showShortcuts' | 'signOut';

/** Opens a page, runs an action, or fills in text that continues the command. */
export type Effect = { readonly href: string } | { readonly action: CommandAction } | { readonly typed: string };

export interface Command {
	readonly id: string;
	readonly title: string;
	readonly detail?: string;
	readonly icon: string;
	readonly effect: Effect;
	/** Shows the user's picture instead of the icon. */
	readonly suggestion?: UserSuggestion;
}

export interface CommandGroup {
	readonly title: string;
	readonly commands: readonly Command[];
}

/** Actions on users, by the word typed for them. */
const verbs = {
	edit: { title: 'Edit', page: '/edit', icon: mdiPencilOutline },
	reset: { title: 'Reset password of', page: '/reset-password', icon: mdiKeyOutline },
	sessions: { title: 'Sessions of', page: '/sessions', icon: mdiDevices },
	delete: { title: 'Delete', page: '/delete', icon: mdiDeleteOutline }
} as const;
export type Verb = keyof typeof verbs;

const isVerb = (word: string): word is Verb => Object.hasOwn(verbs, word);

/** Lists the pages and actions this user can open. */
export function commandsFor(user: Reader): CommandGroup[] {
	const pages = navigationFor(user).flatMap(({ title: group, items }) =>
		items
			// The palette opens pages of ours only.
			.filter(({ inFront }) => !(user.isInFront === true && inFront === 'immich'))
			.map(({ href, title, icon }) => ({ id: href, title, detail: group, icon, effect: { href } }))
	);
	return [
		{ title: 'Pages', commands: pages },
		{ title: 'Actions', commands: [...(user.isAdmin ? adminActions : []), ...actions] }
	];
}

const adminActions: readonly Command[] = [
	{ id: 'create', title: 'Create user', icon: mdiAccountPlusOutline, effect: { href: '/admin/users/new' } },
	{
		id: 'refused',
		title: 'Failed sign-ins',
		icon: mdiShieldAlertOutline,
		effect: { href: '/admin/audit?action=auth.signIn&outcome=refused' }
	},
	...Object.entries(verbs).map(([verb, { title, icon }]) => ({
		id: verb,
		title: `${title}…`,
		icon,
		effect: { typed: `${verb} ` }
	})),
	{ id: 'signOutAll', title: 'Sign everyone out', icon: mdiLogout, effect: { href: '/admin/sessions/everyone' } }
];

const actions: readonly Command[] = [
	{ id: 'create-key', title: 'Create API key', icon: mdiKeyPlus, effect: { href: '/account/api-keys/new' } },
	{
		id: 'theme',
		title: 'Toggle dark mode',
		icon: mdiThemeLightDark,
		effect: { action: 'switchTheme' }
	},
	{ id: 'keys', title: 'Keyboard shortcuts', icon: mdiKeyboardOutline, effect: { action: 'showShortcuts' } },
	{ id: 'leave', title: 'Sign out', icon: mdiLogout, effect: { action: 'signOut' } }
];

/** Keeps commands in which every typed word is a word prefix, and drops empty groups. */
export function matching(groups: readonly CommandGroup[], text: string): CommandGroup[] {
	const typed = splitWords(text);
	const matches = ({ title, detail = '' }: Command) => {
		const words = splitWords(`${title} ${detail}`);
		return typed.every((part) => words.some((word) => word.startsWith(part)));
	};
	return groups
		.map(({ title, commands }) => ({ title, commands: commands.filter(matches) }))
		.filter(({ commands }) => commands.length > 0);
}

const splitWords = (text: string): string[] =>
	text
		.toLowerCase()
		.split(/[\s-]+/)
		.filter(Boolean);

/** Parses ‘reset olga’ into action and user; without an action word, all text is the user. */
export function readTyped(text: string): { verb: Verb | null; user: string } {
	const [, word = '', rest = ''] = /^\s*(\w+)\s+(?:password\s+)?(?:of\s+)?(.*)$/is.exec(text) ?? [];
	const verb = word.toLowerCase();
	return isVerb(verb) ? { verb, user: rest.trim() } : { verb: null, user: text.trim() };
}

/** Creates the command for a user found. */
export function buildUserCommand(user: UserSuggestion, verb: Verb | null): Command {
	const { id, name, email } = user;
	const { title, page, icon } = verb === null ? { title: '', page: '', icon: mdiAccountOutline } : verbs[verb];
	const effect = { href: `/admin/users/${id}${page}` };
	return { id, title: `${title} ${name}`.trim(), detail: email, icon, effect, suggestion: user };
}
