import { setLinkProof } from '#lib/server/features/shared-links/link-proof.http.ts';
import { endpoint } from '#lib/server/platform/http/endpoint.ts';

export const POST = endpoint('sharedLinkLogin', async ({ auth, body, services, event }) => {
	const { link, proof } = await services.linkVisit.login(auth, body.password);
	setLinkProof(event, proof);
	return link;
});
