import { redirect } from '@sveltejs/kit';
import { takeSignOutAddress } from '#lib/server/features/sign-in/browser-session.http.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const address = await takeSignOutAddress(event);
	if (address === null) redirect(303, '/auth/login?autoLaunch=0');
	return { address, host: event.url.host, providerHost: new URL(address).host };
};
