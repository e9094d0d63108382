import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { systemConfigDefaults } from '#lib/contract/settings/document/index.ts';
import { readConfigFile } from '#lib/server/features/settings/config-file.ts';

const folder = await mkdtemp(path.join(tmpdir(), 'immich-auth-config-'));
afterAll(() => rm(folder, { recursive: true }));

async function makeFile(name: string, text: string): Promise<string> {
	const file = path.join(folder, name);
	await writeFile(file, text);
	return file;
}

it.each([
	['wrong.json', '{"trash":{"days":"many"}}', 'trash.days: Invalid input: expected number, received string'],
	[
		'cron.yaml',
		'backup: { database: { cronExpression: "* *" } }',
		'backup.database.cronExpression: Invalid cron expression.'
	],
	['broken.yaml', 'trash: [', 'broken.yaml cannot be read'],
	['list.yaml', '- a', 'list.yaml holds no settings']
])('refuses %s with the reason', async (name, text, reason) => {
	const file = await makeFile(name, text);
	await expect(readConfigFile(file)).rejects.toThrow(/^Invalid system config: /);
	await expect(readConfigFile(file)).rejects.toThrow(reason);
});

it('refuses a missing file', async () => {
	await expect(readConfigFile(path.join(folder, 'missing.yaml'))).rejects.toThrow(
		/^Invalid system config: .*missing\.yaml cannot be read/
	);
});

it('accepts an empty file without effect', async () => {
	expect(await readConfigFile(await makeFile('empty.yaml', ''))).toEqual({
		system: systemConfigDefaults,
		unknownKeys: []
	});
});
