import { receiveUpload } from '#lib/server/features/assets/asset-upload.http.ts';
import { enterLinkPassword, loadLinkPage, requireVisitor } from '#lib/server/features/shared-links/link-page.http.ts';
import { action } from '#lib/server/platform/http/action.ts';

export const load = loadLinkPage;

export const actions = {
	login: action(
		'openSharedLink',
		({ body, event }) => enterLinkPassword(event, body.password),
		({ event }) => event.url.pathname
	),
	upload: action(
		'uploadToSharedLink',
		// The link may have ended while the file arrived.
		async ({ body, services, event }) => services.assetUpload.upload(await requireVisitor(event), body),
		({ event }, { status }) => `${event.url.pathname}?uploaded=${status}`,
		async (call) => receiveUpload({ ...call, auth: await requireVisitor(call.event) })
	)
};
