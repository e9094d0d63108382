import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import manifest from '../../../package.json' with { type: 'json' };

const run = promisify(execFile);
const root = path.resolve(import.meta.dirname, '../../..');
let folder: string;
const installed = () => path.join(folder, 'node_modules/immich-auth');

beforeAll(async () => {
	folder = await mkdtemp(path.join(tmpdir(), 'immich-auth-package-'));
	// The build is up to date already; without it, packing would build again.
	await run('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], { cwd: root });
	const [archive = ''] = await readdir(folder);
	await mkdir(installed(), { recursive: true });
	await run('tar', ['-xzf', path.join(folder, archive), '--strip-components=1', '-C', installed()]);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the package', () => {
	it('runs the command line where nothing else is installed', async () => {
		const bin = path.join(installed(), manifest.bin['immich-auth']);
		const { stdout } = await run(process.execPath, [bin, '--version'], { cwd: folder });
		expect(stdout).toBe(`${manifest.version}\n`);
		const env = { ...process.env, IMMICH_CONFIG_DIR: folder };
		const status = await run(process.execPath, [bin, 'status', '--json'], { cwd: folder, env });
		expect(JSON.parse(status.stdout)).toMatchObject({ currentProfile: 'default' });
	});

	it('is a library for programs in TypeScript', async () => {
		await writeFile(
			path.join(folder, 'use.mts'),
			`import { createSession, formatSession, load, type Session } from 'immich-auth/session';
			const session: Session = createSession('https://a.example', { type: 'api_key', key: 'k' });
			const loaded: Session | null = await load('nothing');
			console.log(formatSession(session), loaded);`
		);
		const tsc = path.join(root, 'node_modules/typescript/bin/tsc');
		const options = ['--strict', '--module', 'nodenext', '--skipLibCheck', '--target', 'es2023', '--types', 'node'];
		const types = ['--typeRoots', path.join(root, 'node_modules/@types')];
		await run(process.execPath, [tsc, ...options, ...types, 'use.mts'], { cwd: folder });
		const env = { ...process.env, IMMICH_CONFIG_DIR: folder };
		const { stdout } = await run(process.execPath, ['use.mjs'], { cwd: folder, env });
		expect(stdout).toMatch(/^Server: +https:\/\/a\.example\n[^]*null\n$/);
	});

	it('contains no sources and no tests', async () => {
		const files = await readdir(installed(), { recursive: true });
		expect(files.filter((file) => /(?<!\.d)\.ts$|^(src|tests|scripts)\b/.test(file))).toEqual([]);
	});
});
