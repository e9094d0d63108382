import { execFile } from 'node:child_process';
import { chmod } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { program, Terminal, useImmichAuth } from '#tests/support/immich-auth.ts';
import { findProgram } from '../../../scripts/debian-program.mjs';

const command = useImmichAuth();
const run = promisify(execFile);

const complete = async (...words: string[]) => (await command.run(['complete', '--', ...words])).out.split('\n');
const candidates = async (...words: string[]) =>
	(await complete(...words)).flatMap((line) => (line.includes('\t') ? line.split('\t')[0] || [] : []));

describe('candidates', () => {
	it('are commands and options', async () => {
		expect(await candidates('')).toEqual(expect.arrayContaining(['login', 'users', 'completion']));
		expect(await candidates('')).not.toContain('complete');
		expect(await candidates('pro')).toEqual(['profile']);
		expect(await candidates('users', 're')).toEqual(['restore', 'reset-password', 'require-change']);
		expect(await candidates('users', 'import', '--')).toEqual(
			expect.arrayContaining(['--dry-run', '--yes', '--help', '--profile', '--json'])
		);
		expect(await candidates('--profile', 'home', 'sess')).toEqual(['sessions']);
	});

	it('are profiles whose names a shell can insert', async () => {
		for (const name of ['home', 'a work', 'line\nbreak']) await command.write(`profiles/${name}/session.json`, '{}');
		expect(await candidates('whoami', '--profile', '')).toEqual(['a work', 'home']);
		expect(await candidates('whoami', '--profile=h')).toEqual(['--profile=home']);
		expect(await candidates('profile', 'switch', 'h')).toEqual(['home']);
		expect(await candidates('profile', 'switch', 'home', '')).toEqual([]);
	});

	it('are values that the server knows', async () => {
		expect(await candidates('completion', '')).toEqual(['bash', 'zsh', 'fish']);
		expect(await candidates('audit', 'tail', '--outcome', '')).toEqual(['done', 'refused']);
		expect(await candidates('audit', 'tail', '--action', 'user.cr')).toEqual(['user.create']);
		expect(await candidates('keys', 'create', '--permission', 'user.read', 'user.upd')).toEqual(['user.update']);
		expect(await candidates('keys', 'create', '--permission', 'user.read', '--ex')).toEqual(['--expires']);
		expect(await candidates('config', 'set', 'passwordLogin.')).toEqual(['passwordLogin.enabled']);
		expect(await candidates('config', 'get', 'immichAuth.')).not.toEqual([]);
		expect(await candidates('config', 'set', 'passwordLogin.enabled', '')).toEqual([]);
	});

	it('are files only where one belongs', async () => {
		for (const words of [
			['users', 'import', ''],
			['users', 'import', 'a.csv', '--result', ''],
			['config', 'diff', '--file=']
		])
			expect(await complete(...words)).toEqual(['file', '']);
		for (const words of [
			['users', 'show', ''],
			['login', '--email', '']
		])
			expect(await complete(...words)).toEqual(['']);
	});
});

/** How the documentation has a shell load the completions, and how it starts without anything else. */
const shells: Readonly<Record<string, { readonly args: readonly string[]; readonly load: string }>> = {
	bash: { args: ['--norc', '--noprofile', '-i'], load: 'source <(immich-auth completion bash)' },
	zsh: { args: ['-f', '-i'], load: 'fpath=($HOME/.zfunc $fpath); autoload -U compinit; compinit -u -D' },
	fish: { args: ['-i', '-C', "function fish_prompt; printf 'ready> '; end"], load: '' }
};
const files: Readonly<Record<string, string>> = {
	zsh: '.zfunc/_immich-auth',
	fish: '.config/fish/completions/immich-auth.fish'
};

describe('the scripts', () => {
	/** A folder in which `immich-auth` is the program. */
	async function installProgram(): Promise<string> {
		await command.write('bin/immich-auth', `#!/bin/sh\nexec "${process.execPath}" "${program}" "$@"\n`);
		await chmod(command.in('bin/immich-auth'), 0o755);
		return `${command.in('bin')}${path.delimiter}${process.env['PATH'] ?? ''}`;
	}

	// Only bash is everywhere.
	it.each(Object.entries(shells).filter(([name]) => findProgram(name)))('work in a real %s', async (name, shell) => {
		for (const profile of ['a work', 'co:lon']) await command.write(`profiles/${profile}/session.json`, '{}');
		await command.write('new file.csv', '');
		const { out } = await command.run(['completion', name]);
		if (files[name] !== undefined) await command.write(files[name], out);
		const env = { PATH: await installProgram(), HOME: command.in(), IMMICH_CONFIG_DIR: command.in(), PS1: 'ready> ' };
		const terminal = new Terminal(shell.args, env, command.in(), name);
		await terminal.see('ready> ');
		if (shell.load !== '') terminal.enter(shell.load);
		const deleteLine = '\u0015';
		for (const [typed, completed] of [
			['immich-auth mainten', 'maintenance '],
			['immich-auth maintenance e', 'maintenance end'],
			['immich-auth users import --dr', '--dry-run'],
			['immich-auth profile switch a', 'switch a\\ work'],
			['immich-auth whoami --profile=co:', '--profile=co:lon'],
			['immich-auth audit tail --outcome r', '--outcome refused'],
			['immich-auth users import n', 'import new\\ file.csv']
		] as const) {
			terminal.press(`${typed}\t`);
			await terminal.see(completed);
			terminal.press(deleteLine);
		}
		terminal.enter('exit');
		await terminal.ended();
	});

	it.each(Object.keys(shells))('for %s have no mistakes in their syntax', async (shell) => {
		const { code, out } = await command.run(['completion', shell]);
		expect([code, out]).toEqual([0, expect.stringContaining('immich-auth complete -- ')]);
		await command.write('script', out);
		if (findProgram(shell)) await run(shell, ['-n', command.in('script')]);
	});

	it('for other shells do not exist', async () => {
		expect((await command.run(['completion', 'tcsh'])).code).toBe(2);
	});
});
