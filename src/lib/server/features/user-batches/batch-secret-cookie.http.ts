import { daySeconds } from '#lib/contract/day.ts';
import type { Cookies, RequestEvent } from '@sveltejs/kit';
import { setCookie } from '#lib/server/platform/http/cookies.ts';
import type { Call } from '#lib/server/platform/http/operation-call.ts';

const maxAgeSeconds = daySeconds;
const cookieName = (batchId: string) => `immich_auth_pickup_${batchId}`;

/** Starts a bulk action and stores the key that decrypts its passwords in this browser only. */
export async function startForBrowser({ auth, params, services, event }: Call<'startUserBatch'>): Promise<void> {
	const { pickupKey } = await services.userBatch.start(auth, params.id);
	if (pickupKey !== null) keepPickupKey(event, params.id, pickupKey);
}

const keepPickupKey = (event: RequestEvent, batchId: string, pickupKey: string): void =>
	setCookie(event, cookieName(batchId), pickupKey, { maxAgeSeconds, path: '/admin/users/batches', sameSite: 'strict' });

/** Returns the key stored when this browser started the bulk action; otherwise null. */
export const pickupKeyOf = (cookies: Cookies, batchId: string): string | null =>
	cookies.get(cookieName(batchId)) ?? null;
