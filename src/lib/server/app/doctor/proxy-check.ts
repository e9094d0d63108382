import { isIP } from 'node:net';
import { toNetwork } from '#lib/server/platform/caller/network.ts';
import type { DoctorRepository } from './doctor.repository.ts';
import { ok, warning, type Found } from './finding.ts';

const timeoutMs = 5_000;
const latestSignIns = 1_000;
/** This many users with one address between them aren't one household. */
const suspiciousUsers = 3;

const headers = 'X-Forwarded-For, X-Forwarded-Proto and X-Forwarded-Host';
const help = '"Behind a proxy" in docs/operations.md';

/**
 * Checks that a proxy's headers arrive: in the recorded sign-ins, and by asking the server through its public address.
 * @param externalDomain the setting `server.externalDomain`, such as `https://photos.example.org`; empty if unset
 */
export async function checkProxy(externalDomain: string, repository: DoctorRepository): Promise<Found[]> {
	const places = await repository.signInPlaces(latestSignIns);
	const { users, address } = places;
	const shared =
		users >= suspiciousUsers && address !== null && isIP(address) !== 0 && !toNetwork(address).isPublic
			? [
					warning(
						`${String(users)} users have all signed in from ${address}, which is probably the proxy.`,
						`Have the proxy send ${headers}, and add its address to IMMICH_TRUSTED_PROXIES: ${help}.`
					)
				]
			: [];
	if (externalDomain === '')
		return shared.length > 0
			? shared
			: [ok('Nothing suspicious in the recorded sign-ins. Set the external domain to have the proxy checked too.')];
	return [...shared, await askThroughProxy(externalDomain)];
}

async function askThroughProxy(externalDomain: string): Promise<Found> {
	if (!URL.canParse(externalDomain))
		return warning(`The external domain ${externalDomain} is no URL.`, 'Correct it in the server settings.');
	const { origin, protocol } = new URL(externalDomain);
	try {
		const reply = await ask(`${origin}/healthz`);
		if (!reply.headers.has('x-correlation-id'))
			return warning(
				`${origin} is answered by another program (status ${String(reply.status)}).`,
				'Correct the external domain, or start the server, or let the proxy pass all paths to it.'
			);
		if (protocol === 'https:' && !reply.headers.has('strict-transport-security'))
			return warning(
				`The server does not see that requests to ${origin} are encrypted.`,
				`Have the proxy send X-Forwarded-Proto, and add its address to IMMICH_TRUSTED_PROXIES: ${help}.`
			);
		// An empty form is invalid; it is only refused as another site's if the server takes itself for another address.
		const form = await ask(`${origin}/auth/login`, { origin });
		if (form.status === 403)
			return warning(
				`The server does not take itself for ${origin}, so browsers’ forms can be refused.`,
				`Have the proxy pass Host with its port, or send X-Forwarded-Host: ${help}.`
			);
		return ok(`${origin} leads to this server, which sees scheme and host.`);
	} catch (error) {
		const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
		return warning(
			`${origin} cannot be reached from this machine: ${cause}.`,
			'If it works from elsewhere, ignore this. Otherwise start the server, or check the proxy, DNS and certificate.'
		);
	}
}

/** Sends a request, or an empty form if it has an origin. */
const ask = (url: string, form?: { readonly origin: string }): Promise<Response> =>
	fetch(url, {
		redirect: 'manual',
		signal: AbortSignal.timeout(timeoutMs),
		...(form && { method: 'POST', body: new URLSearchParams(), headers: { origin: form.origin } })
	});
