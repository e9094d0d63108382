import type { RequestEvent } from '@sveltejs/kit';
import { daySeconds } from '#lib/contract/day.ts';
import { addLinkProof, linkProofCookie } from '#lib/server/features/access/index.ts';
import { setCookie } from '#lib/server/platform/http/cookies.ts';

/** Keeps in the browser for a day that it has entered a link's password. */
export const setLinkProof = (event: RequestEvent, proof: string): void =>
	setCookie(event, linkProofCookie, addLinkProof(event.cookies.get(linkProofCookie), proof), {
		maxAgeSeconds: daySeconds
	});
