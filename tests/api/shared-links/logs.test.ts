import { expect, it } from 'vitest';
import { useApi } from '#tests/support/api.ts';
import { guard } from '#tests/support/log-scan.ts';
import { Sharing } from '#tests/support/sharing.ts';

const api = useApi({ env: { IMMICH_LOG_LEVEL: 'verbose' } });

it('neither keys nor slugs nor passwords of links are logged, whatever the outcome', async () => {
	const { id } = await api.accounts.makeUser();
	const slug = guard('a slug', 'a-very-quiet-address');
	const password = guard('a link password', 'a password of a link');
	const sharing = new Sharing(api.prisma);
	const { key } = await sharing.makeLink(id, { albumId: await sharing.makeAlbum([[id, 'owner']]), slug });
	const unknown = guard('an unknown key', 'u'.repeat(67));
	for (const query of [`key=${key}`, `slug=${slug}`, `key=${unknown}`])
		for (const [method, path] of [
			['GET', '/api/shared-links/me'],
			['GET', '/api/users/me'],
			['POST', '/api/shared-links/login'],
			['GET', '/api/shared-links/none/at/all'],
			['POST', '/api/download/info']
		] as const)
			await api.request(method, `${path}?${query}`, { ...(method === 'POST' && { body: { password } }) });
	for (const page of [`/share/${key}`, `/s/${slug}`, `/share/${key}/more`, `/s/${slug}?/login`])
		for (const method of ['GET', 'POST', 'DELETE']) await api.request(method, page, { form: { password } });
	expect(api.lines.length).toBeGreaterThan(0);
	for (const secret of [key, slug, unknown, password]) expect(api.lines.join('\n')).not.toContain(secret);
});
