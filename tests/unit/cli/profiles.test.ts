import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { basePath, profilePath } from '../../../src/cli/session/folders.ts';
import {
	baseConfigDir,
	clear,
	configDir,
	createSession,
	getCurrentProfile,
	listProfiles,
	load,
	ProfileNameError,
	save,
	SessionFileError,
	setCurrentProfile
} from '../../../src/cli/session/index.ts';

let home: string;
const inHome = (...names: string[]) => path.join(home, ...names);
const modeOf = async (file: string) => ((await stat(file)).mode & 0o777).toString(8);
const session = createSession('https://immich.example.com', { type: 'api_key', key: 'secret', name: 'cli' });
const other = createSession('https://other.example.com', {
	type: 'jwt',
	accessToken: 'token',
	userId: 'b5f7',
	email: 'ada@example.com'
});

async function put(file: string, text: string): Promise<void> {
	await mkdir(path.dirname(inHome(file)), { recursive: true });
	await writeFile(inHome(file), text);
}

beforeEach(async () => {
	home = await mkdtemp(path.join(tmpdir(), 'immich-auth-session-'));
	vi.stubEnv('IMMICH_CONFIG_DIR', home);
});
afterEach(async () => {
	vi.unstubAllEnvs();
	await rm(home, { recursive: true, force: true });
});

describe('the folders', () => {
	it('are below ~/.config/immich by default', () => {
		vi.stubEnv('IMMICH_CONFIG_DIR', '');
		expect(basePath()).toBe(path.join(homedir(), '.config/immich'));
	});

	it('are created when needed, for their owner only', async () => {
		vi.stubEnv('IMMICH_CONFIG_DIR', inHome('new', 'base'));
		expect(await baseConfigDir()).toBe(inHome('new', 'base'));
		expect(await configDir('home')).toBe(inHome('new', 'base', 'profiles', 'home'));
		expect(await configDir()).toBe(inHome('new', 'base', 'profiles', 'default'));
		for (const folder of ['', 'profiles', 'profiles/home'])
			expect(await modeOf(inHome('new', 'base', folder))).toBe('700');
	});
});

describe('profile names', () => {
	it.each(['', '.', '..', 'a/b', '/etc', '../x', 'a\\b', 'a\0b', '\ud800'])(
		'%j is refused everywhere',
		async (name) => {
			await expect(save(session, name)).rejects.toThrow(ProfileNameError);
			await expect(load(name)).rejects.toThrow(ProfileNameError);
			await expect(clear(name)).rejects.toThrow(ProfileNameError);
			await expect(configDir(name)).rejects.toThrow(ProfileNameError);
			await expect(setCurrentProfile(name)).rejects.toThrow(ProfileNameError);
			expect(await readdir(home)).toEqual([]);
		}
	);

	it('are accepted only if they are one segment below the folder of profiles', () => {
		const name = fc.oneof(
			fc.string({ unit: 'binary' }),
			fc.stringMatching(/^[./\\a\0]{0,6}$/),
			fc.array(fc.constantFrom('.', '..', '/', '\\', 'a', '\0', '')).map((parts) => parts.join(''))
		);
		fc.assert(
			fc.property(name, (text) => {
				const isSegment = text !== '' && text !== '.' && text !== '..' && !/[/\\\0]/.test(text) && text.isWellFormed();
				if (!isSegment) {
					expect(() => profilePath(text)).toThrow(ProfileNameError);
					return;
				}
				expect(path.dirname(profilePath(text))).toBe(inHome('profiles'));
				expect(path.basename(profilePath(text))).toBe(text);
			}),
			{ numRuns: 1_000 }
		);
	});

	it('that are too long are reported', async () => {
		await expect(save(session, 'x'.repeat(300))).rejects.toThrow('A profile name must have at most 255 bytes');
	});

	it.each(['Ω profil ', '-x', 'a b', '...', 'con', '__proto__'])('%j is accepted', async (name) => {
		await save(session, name);
		expect(await load(name)).toEqual(session);
		expect(await listProfiles()).toEqual([name]);
	});
});

describe('the current profile', () => {
	it('is default until one is set', async () => {
		expect(await getCurrentProfile()).toBe('default');
		await setCurrentProfile('work');
		expect(await getCurrentProfile()).toBe('work');
		expect(await readFile(inHome('config.json'), 'utf8')).toBe('{\n  "current_profile": "work"\n}\n');
		expect(await modeOf(inHome('config.json'))).toBe('600');
		await save(session);
		expect(await listProfiles()).toEqual(['work']);
		expect(await load()).toEqual(session);
	});

	it.each(['', '{', 'null', '[]', '{"current_profile":5}', '{"current_profile":"../x"}'])(
		'%j in config.json is reported and not replaced',
		async (text) => {
			await put('config.json', text);
			await expect(getCurrentProfile()).rejects.toThrow(inHome('config.json'));
			await expect(setCurrentProfile('work')).rejects.toThrow(SessionFileError);
			expect(await readFile(inHome('config.json'), 'utf8')).toBe(text);
			await setCurrentProfile('work', { replaceMalformed: true });
			expect(await getCurrentProfile()).toBe('work');
		}
	);

	it('ignores other members', async () => {
		await put('config.json', '{"theme":"dark"}');
		expect(await getCurrentProfile()).toBe('default');
	});
});

describe('the session file', () => {
	it('is indented JSON in the shape of the OCaml library, for its owner only', async () => {
		await save({ ...session, createdAt: '2026-01-02T03:04:05Z' }, 'home');
		const file = inHome('profiles', 'home', 'session.json');
		expect(await readFile(file, 'utf8')).toBe(`{
  "server_url": "https://immich.example.com",
  "auth": {
    "type": "api_key",
    "api_key": {
      "key": "secret",
      "name": "cli"
    }
  },
  "created_at": "2026-01-02T03:04:05Z"
}
`);
		expect(await modeOf(file)).toBe('600');
		expect(await modeOf(path.dirname(file))).toBe('700');
		expect(await readdir(path.dirname(file))).toEqual(['session.json']);
	});

	it('is read as the OCaml library writes it', async () => {
		await put(
			'profiles/a/session.json',
			'{"server_url":"https://a.example","auth":{"type":"jwt","jwt":{"access_token":"t","user_id":"u","email":"e@x.example"}},"created_at":"2026-01-02T03:04:05.123456-00:00"}'
		);
		expect(await load('a')).toEqual({
			serverUrl: 'https://a.example',
			auth: { type: 'jwt', accessToken: 't', userId: 'u', email: 'e@x.example' },
			createdAt: '2026-01-02T03:04:05.123456-00:00'
		});
		await put(
			'profiles/b/session.json',
			`{ "created_at": "2026-01-02T03:04:05+02:00", "comment": [1, {}],
			   "auth": { "api_key": { "key": "k", "scopes": [] }, "type": "api_key", "jwt": null },
			   "server_url": "https://b.example" }`
		);
		expect(await load('b')).toEqual({
			serverUrl: 'https://b.example',
			auth: { type: 'api_key', key: 'k' },
			createdAt: '2026-01-02T03:04:05+02:00'
		});
	});

	it('is null where there is none', async () => {
		expect(await load('nothing')).toBeNull();
		expect(await listProfiles()).toEqual([]);
	});

	const valid = { server_url: 'https://a.example', created_at: '2026-01-02T03:04:05Z' };
	it.each([
		['', 'is not valid JSON'],
		['{"server_url"', 'is not valid JSON'],
		['"secret"', 'expected object'],
		['{}', 'server_url'],
		[JSON.stringify({ ...valid, auth: { type: 'oauth', oauth: { secret: 'secret' } } }), 'auth.type'],
		[JSON.stringify({ ...valid, auth: { type: 'jwt', api_key: { key: 'secret' } } }), 'auth.jwt'],
		[JSON.stringify({ ...valid, auth: { type: 'api_key', api_key: { key: 5 } } }), 'auth.api_key.key'],
		[
			JSON.stringify({ ...valid, auth: { type: 'api_key', api_key: { key: 'secret' } }, created_at: 'soon' }),
			'created_at'
		],
		['{"auth":"\xff"}', 'auth']
	])('%s is reported with its name and reason, and not replaced', async (text, reason) => {
		const file = inHome('profiles', 'home', 'session.json');
		await put('profiles/home/session.json', text);
		const failure = await load('home').catch((error: unknown) => error);
		expect(failure).toBeInstanceOf(SessionFileError);
		expect(String(failure)).toContain(file);
		expect(String(failure)).toContain(reason);
		expect(String(failure)).not.toContain('secret');
		await expect(save(session, 'home')).rejects.toThrow(file);
		expect(await readFile(file, 'utf8')).toBe(text);
		await save(session, 'home', { replaceMalformed: true });
		expect(await load('home')).toEqual(session);
	});

	it('with bytes that are no UTF-8 is reported', async () => {
		await put('profiles/home/session.json', '');
		await writeFile(inHome('profiles/home/session.json'), Buffer.from([0x22, 0xff, 0x22]));
		await expect(load('home')).rejects.toThrow('is not valid JSON');
	});

	it('that is a folder is reported', async () => {
		await mkdir(inHome('profiles/home/session.json'), { recursive: true });
		await expect(load('home')).rejects.toThrow('it is a folder');
		expect(await listProfiles()).toEqual([]);
	});

	it('is replaced by the next one', async () => {
		await save(session, 'home');
		await save(other, 'home');
		expect(await load('home')).toEqual(other);
	});

	it('is whole after 50 concurrent saves', async () => {
		const sessions = Array.from({ length: 50 }, (_, index) =>
			createSession(`https://${String(index)}.example`, { type: 'api_key', key: 'x'.repeat(index * 100 + 1) })
		);
		await Promise.all(sessions.map((one) => save(one, 'home')));
		expect(sessions).toContainEqual(await load('home'));
		expect(await readdir(inHome('profiles/home'))).toEqual(['session.json']);
	});
});

describe('listProfiles', () => {
	it('sorts what has a session, and skips the rest', async () => {
		for (const name of ['work', 'Zoo', 'home', 'ä']) await save(session, name);
		await mkdir(inHome('profiles/empty'));
		await put('profiles/file', '');
		await put('profiles/a\\b/session.json', '{}');
		expect(await listProfiles()).toEqual(['Zoo', 'home', 'work', 'ä']);
	});
});

describe('clear', () => {
	it('removes the session, what a crash has left, and the folder', async () => {
		await save(session, 'home');
		await put('profiles/home/session.json.0123456789abcdef.tmp', 'secret');
		await clear('home');
		expect(await readdir(inHome('profiles'))).toEqual([]);
		await clear('home');
		expect(await load('home')).toBeNull();
	});

	it('leaves other files', async () => {
		await save(session, 'home');
		await put('profiles/home/notes.txt', 'x');
		await clear('home');
		expect(await readdir(inHome('profiles/home'))).toEqual(['notes.txt']);
	});
});

describe('a folder that cannot be written', () => {
	it('is named', async () => {
		await put('profiles', '');
		await expect(save(session, 'home')).rejects.toThrow(/profiles.*not a folder/);
	});

	it('is named also if it leads nowhere', async () => {
		await symlink(inHome('missing', 'target'), inHome('profiles'));
		await expect(save(session, 'home')).rejects.toThrow(SessionFileError);
	});
});
