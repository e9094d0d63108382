import type { Cookies, RequestEvent } from '@sveltejs/kit';
import type { Call } from './perform.ts';

const maxAgeSeconds = 24 * 60 * 60;
const cookieName = (batchId: string) => `immich_auth_pickup_${batchId}`;

/** Starts a batch for a browser, which keeps what opens the passwords; nobody else does. */
export async function startForBrowser({ auth, params, services, event }: Call<'startUserBatch'>): Promise<void> {
	const { pickupKey } = await services.userBatches.start(auth, params.id);
	if (pickupKey !== null) keepPickupKey(event, params.id, pickupKey);
}

const keepPickupKey = ({ cookies, url }: RequestEvent, batchId: string, pickupKey: string): void =>
	cookies.set(cookieName(batchId), pickupKey, {
		path: '/admin/users/batches',
		httpOnly: true,
		sameSite: 'strict',
		secure: url.protocol === 'https:',
		maxAge: maxAgeSeconds
	});

/** Reads what this browser kept when it started the batch; null where it did not. */
export const pickupKeyOf = (cookies: Cookies, batchId: string): string | null =>
	cookies.get(cookieName(batchId)) ?? null;
