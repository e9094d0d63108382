import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { AdminCommand } from '#tests/support/admin-command.ts';
import { useApi } from '#tests/support/api.ts';
import { root } from '#tests/support/command.ts';
import { readSource } from '#tests/support/source-files.ts';
import { returnKey } from '#tests/support/terminal.ts';

const file = 'docs/admin-cli.md';
const api = useApi({ isOwn: true });
const command = new AdminCommand(api);

/** What each run prints differently, and how the document writes it. */
const variable: readonly (readonly [RegExp, string])[] = [
	[/token=\S+/g, 'token=eyJhbGciOi…'],
	[/PostgreSQL \d+\.\d+/g, 'PostgreSQL 18.4'],
	[/[\d.]+ [GM]iB free for \S+\./g, '41.2 GiB free for /srv/immich-auth/data.']
];

/** Runs what follows `$ npx immich-admin`, and returns what a terminal shows. */
async function record(line: string): Promise<string> {
	// A warning shows what one looks like.
	command.env = line === 'doctor' ? { IMMICH_AUTH_METRICS_PORT: 'tcp://10.96.0.1:9464' } : {};
	const terminal = command.open(...line.split(' '));
	if (line === 'reset-admin-password') {
		await terminal.next('Please choose a new password (optional)');
		terminal.enter('plum tractor 19 violin');
		await terminal.next('Invalidate existing sessions?');
		terminal.press(returnKey);
	}
	await terminal.ended();
	return variable.reduce(
		(text, [pattern, written]) => text.replaceAll(pattern, written),
		toFinalScreen(terminal.shown)
	);
}

/** Keeps the last picture of each prompt, in which it is answered: the earlier ones were drawn over. */
function toFinalScreen(shown: string): string {
	const lines = shown.split('\n').map((line) => line.trimEnd());
	const first = lines.findIndex((line) => line.includes('◆'));
	if (first < 0) return lines.join('\n');
	const answers = lines.flatMap((line, index) => {
		const at = line.indexOf('◇');
		return at < 0 ? [] : [line.slice(at), lines[index + 1] ?? ''];
	});
	const last = lines.findLastIndex((line) => line.includes('◇')) + 2;
	return [...lines.slice(0, first - 1), ...answers, ...lines.slice(last)].join('\n');
}

it('docs/admin-cli.md shows what the commands print', { timeout: 180_000 }, async () => {
	await api.accounts.makeAdmin({ id: '5c1a0d0e-7f57-4b8b-9c7a-3f8f3f0f5d0e', email: 'ada@example.org', name: 'Ada' });
	await api.accounts.makeUser({
		id: 'd81f2c64-2f0a-4a0e-9d35-6a1b7c0e4f21',
		email: 'bob@example.org',
		name: 'Bob',
		createdAt: new Date(0)
	});
	const text = readSource(file);
	let recorded = text;
	for (const [block, content = ''] of text.matchAll(/^```console\n([^]*?)^```$/gm)) {
		const lines = content.split('\n').filter((line) => line.startsWith('$ npx immich-admin '));
		let session = '';
		for (const line of lines) session += `${line}\n${await record(line.replace('$ npx immich-admin ', ''))}`;
		recorded = recorded.replace(block, () => `\`\`\`console\n${session}\`\`\``);
	}
	// To record them again: RECORD=1 npx vitest run --project api command-docs
	if (process.env['RECORD'] === '1') await writeFile(path.join(root, file), recorded);
	else expect(text).toBe(recorded);
});
