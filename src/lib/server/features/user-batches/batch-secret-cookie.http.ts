import { daySeconds } from '#lib/contract/day.ts';
import type { Cookies, RequestEvent } from '@sveltejs/kit';
import { setCookie } from '#lib/server/platform/http/cookies.ts';
import type { Call } from '#lib/server/platform/http/operation-call.ts';

const maxAgeSeconds = daySeconds;
const cookieName = (batchId: string) => `immich_auth_download_${batchId}`;

/** Starts a bulk action and stores the key that decrypts its passwords in this browser only. */
export async function startForBrowser({ auth, params, services, event }: Call<'startUserBatch'>): Promise<void> {
	const { downloadKey } = await services.userBatch.start(auth, params.id);
	if (downloadKey !== null) setDownloadKeyCookie(event, params.id, downloadKey);
}

const setDownloadKeyCookie = (event: RequestEvent, batchId: string, downloadKey: string): void =>
	setCookie(event, cookieName(batchId), downloadKey, {
		maxAgeSeconds,
		path: '/admin/users/batches',
		sameSite: 'strict'
	});

/** Returns the key stored when this browser started the bulk action; otherwise null. */
export const readDownloadKey = (cookies: Cookies, batchId: string): string | null =>
	cookies.get(cookieName(batchId)) ?? null;
