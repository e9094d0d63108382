import type { Reader } from '#lib/console/shell/navigation.ts';
import { describe, expect, it } from 'vitest';
import { buildUserCommand, commandsFor, matching, readTyped } from '#lib/console/shell/palette/commands.ts';

const titles = (user: Reader, text: string) =>
	matching(commandsFor(user), text).flatMap(({ commands }) => commands.map(({ title }) => title));
const olga = { id: '1', name: 'Olga', email: 'o@example.test', avatarColor: 'pink', isAdmin: false } as const;

describe('commands', () => {
	it('are found by the beginnings of their words', () => {
		expect(titles({ isAdmin: true, providers: ['one'] }, 'cr us')).toEqual(['Create user']);
		expect(titles({ isAdmin: true, providers: ['one'] }, 'REATE')).toEqual([]);
		expect(titles({ isAdmin: true, providers: ['one'] }, '')).toContain('Sign out');
	});

	it('are limited to those that the user can use', () => {
		for (const title of ['Users', 'Create user', 'Edit…', 'Reset password of…', 'Delete…']) {
			expect(titles({ isAdmin: true, providers: ['one'] }, '')).toContain(title);
			expect(titles({ isAdmin: false, providers: ['one'] }, '')).not.toContain(title);
		}
	});

	it('have unique IDs', () => {
		const ids = commandsFor({ isAdmin: true, providers: ['one'] }).flatMap(({ commands }) =>
			commands.map(({ id }) => id)
		);
		expect(new Set(ids).size).toBe(ids.length);
	});
});

describe('typed text', () => {
	it.each([
		['olga', { verb: null, user: 'olga' }],
		[' olga ordinary ', { verb: null, user: 'olga ordinary' }],
		['reset olga', { verb: 'reset', user: 'olga' }],
		['Reset password of Olga', { verb: 'reset', user: 'Olga' }],
		['delete ', { verb: 'delete', user: '' }],
		['delete', { verb: null, user: 'delete' }],
		['edith piaf', { verb: null, user: 'edith piaf' }],
		['toString olga', { verb: null, user: 'toString olga' }]
	])('is understood: %j', (text, understood) => {
		expect(readTyped(text)).toEqual(understood);
	});

	it('leads to the matching page', () => {
		expect(buildUserCommand(olga, null)).toMatchObject({ title: 'Olga', effect: { href: '/admin/users/1' } });
		expect(buildUserCommand(olga, 'reset')).toMatchObject({
			title: 'Reset password of Olga',
			effect: { href: '/admin/users/1/reset-password' }
		});
	});
});
