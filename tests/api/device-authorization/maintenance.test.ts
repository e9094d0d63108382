import { expect, it } from 'vitest';
import { useApi } from '#tests/support/api.ts';
import { answer, approve, Program } from '#tests/support/device.ts';
import { useMaintenance } from '#tests/support/maintenance.ts';

const api = useApi({ isOwn: true });
const maintenance = useMaintenance(api);

it('a program can wait through a maintenance, in which nothing is approved or handed out', async () => {
	const { user, token } = await api.accounts.signIn();
	const [approved, pending] = [await Program.start(api.request), await Program.start(api.request)];
	await approve(api, token, approved);
	await maintenance.begin();
	expect((await approved.poll()).status).toBe(503);
	expect((await answer(api, token, 'approve', pending.userCode)).status).not.toBe(200);
	expect(await api.accounts.countSessions(user.id)).toBe(1);
	await maintenance.end();
	expect(await pending.refusal()).toEqual({ error: 'authorization_pending' });
	await approved.takeToken();
});
