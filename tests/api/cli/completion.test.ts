import { execFile } from 'node:child_process';
import { chmod } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { program, Terminal, useImmichAuth } from '#tests/support/immich-auth.ts';

const deleteLine = '\u0015';
const command = useImmichAuth();
const run = promisify(execFile);

const candidates = async (...words: string[]) =>
	(await command.run(['complete', '--', ...words])).out.split('\n').flatMap((line) => line.split('\t')[0] || []);

describe('candidates', () => {
	it('are commands, options, and profiles', async () => {
		await command.write('profiles/home/session.json', '{}');
		await command.write('profiles/a work/session.json', '{}');
		expect(await candidates('')).toEqual(expect.arrayContaining(['login', 'users', 'completion']));
		expect(await candidates('')).not.toContain('complete');
		expect(await candidates('pro')).toEqual(['profile']);
		expect(await candidates('users', 're')).toEqual(['restore', 'reset-password', 'require-change']);
		expect(await candidates('users', 'import', '--')).toEqual(
			expect.arrayContaining(['--dry-run', '--yes', '--help', '--profile', '--json'])
		);
		expect(await candidates('whoami', '--profile', '')).toEqual(['a work', 'home']);
		expect(await candidates('--profile', 'home', 'sess')).toEqual(['sessions']);
		expect(await candidates('profile', 'switch', 'h')).toEqual(['home']);
		expect(await candidates('users', 'import', '')).toEqual([]);
		expect(await candidates('login', '--email', '')).toEqual([]);
		expect(await candidates('completion', '')).toEqual(['bash', 'zsh', 'fish']);
	});
});

describe('the scripts', () => {
	/** A folder in which `immich-auth` is the program. */
	async function installProgram(): Promise<string> {
		await command.write('bin/immich-auth', `#!/bin/sh\nexec "${process.execPath}" "${program}" "$@"\n`);
		await chmod(command.in('bin/immich-auth'), 0o755);
		return `${command.in('bin')}${path.delimiter}${process.env['PATH'] ?? ''}`;
	}

	it('work in a real bash', async () => {
		const env = { PATH: await installProgram(), HOME: command.in(), IMMICH_CONFIG_DIR: command.in(), PS1: 'ready> ' };
		await command.write('profiles/a work/session.json', '{}');
		await command.write('new.csv', '');
		const bash = new Terminal(['--norc', '--noprofile', '-i'], env, command.in(), 'bash');
		await bash.see('ready> ');
		bash.enter('source <(immich-auth completion bash)');
		bash.press('immich-auth mainten\t');
		await bash.see('immich-auth maintenance ');
		bash.press('e\t');
		await bash.see('immich-auth maintenance end');
		bash.press(deleteLine);
		bash.press('immich-auth profile switch a\t');
		await bash.see('switch a\\ work');
		bash.press(deleteLine);
		bash.press('immich-auth users import n\t');
		await bash.see('import new.csv');
		bash.press(deleteLine);
		bash.enter('exit');
		await bash.ended();
	});

	it.each(['bash', 'zsh', 'fish'])('for %s are printed', async (shell) => {
		const { code, out } = await command.run(['completion', shell]);
		expect([code, out]).toEqual([0, expect.stringContaining('immich-auth complete -- ')]);
		if (shell === 'bash') await run('bash', ['-n', '-c', out]);
	});

	it('for other shells do not exist', async () => {
		expect((await command.run(['completion', 'tcsh'])).code).toBe(2);
	});
});
