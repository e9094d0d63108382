import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import { expect, it } from 'vitest';
import { buildProgram } from '../../../src/cli/program.ts';
import { readSource } from '#tests/support/source-files.ts';

const text = readSource('docs/cli.md');

/** Commands that do something, with their full names. */
const leavesOf = (command: CommandUnknownOpts, name: string): (readonly [string, CommandUnknownOpts])[] =>
	command.commands.length === 0
		? [[name, command]]
		: command.commands.flatMap((inner) => leavesOf(inner, `${name} ${inner.name()}`));

it('docs/cli.md explains every command and option', () => {
	const commands = leavesOf(buildProgram(), 'immich-auth').filter(([name]) => name !== 'immich-auth complete');
	expect(commands.length).toBeGreaterThan(30);
	const lines = text.split('\n');
	for (const [name, command] of commands) {
		// `profile list | switch…` are on one line.
		const [group = ''] = /^immich-auth profile/.exec(name) ?? [name];
		expect(
			lines.filter((line) => line.includes(group)),
			name
		).not.toEqual([]);
		for (const { long } of command.options) expect(text, `${name} ${long ?? ''}`).toContain(long);
	}
});

it('every command has an example', () => {
	for (const [name, command] of leavesOf(buildProgram(), 'immich-auth')) {
		let help = '';
		command.configureOutput({ writeOut: (part) => (help += part) }).outputHelp();
		if (name !== 'immich-auth complete') expect(help, name).toContain(`$ `);
	}
});
