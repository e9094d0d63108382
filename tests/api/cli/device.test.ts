import { describe, expect, it } from 'vitest';
import { readdir } from 'node:fs/promises';
import { useApi } from '#tests/support/api.ts';
import { answer } from '#tests/support/device.ts';
import { ctrlC, useImmichAuth, type Terminal } from '#tests/support/immich-auth.ts';

const api = useApi({ isOwn: true });
const command = useImmichAuth();

/** Waits for the code, and answers it in a browser that is signed in. */
async function answerCode(terminal: Terminal, token: string, name: 'approve' | 'deny'): Promise<void> {
	await terminal.see('Waiting for the confirmation');
	const [, code = ''] = /confirm the code (\S+)/.exec(terminal.shown) ?? [];
	expect((await answer(api, token, name, code)).status).toBe(200);
}

describe('login without a credential on a server of this project', () => {
	it('shows a code, and is signed in once it is confirmed in a browser', async () => {
		const { user, token } = await api.accounts.signIn();
		const terminal = command.terminal(['login', api.url]);
		await terminal.see(`To sign in, open ${api.url}`);
		await answerCode(terminal, token, 'approve');
		expect([await terminal.ended(), terminal.shown]).toEqual([0, expect.stringContaining(`as ${user.email}`)]);
		expect(await command.readSession('default')).toMatchObject({
			server_url: api.url,
			auth: { type: 'jwt', jwt: { user_id: user.id, email: user.email } }
		});
		expect(await command.json(['whoami'])).toMatchObject({ id: user.id, kind: 'jwt' });
	});

	it('writes nothing if it is denied', async () => {
		const { token } = await api.accounts.signIn();
		const terminal = command.terminal(['login', api.url]);
		await answerCode(terminal, token, 'deny');
		expect([await terminal.ended(), terminal.shown]).toEqual([1, expect.stringContaining('declined in the browser')]);
		expect(await readdir(command.in())).toEqual([]);
	});

	it('writes nothing if it is canceled', async () => {
		const terminal = command.terminal(['login', api.url]);
		await terminal.see('Waiting for the confirmation');
		terminal.press(ctrlC);
		await terminal.ended();
		expect(await readdir(command.in())).toEqual([]);
	});
});
