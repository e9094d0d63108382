import { z } from 'zod';
import type { Api } from './api.ts';
import { createPicture } from './pictures.ts';

const Uploaded = z.strictObject({ id: z.string(), status: z.enum(['created', 'duplicate']) });

export interface SentFile {
	readonly bytes?: Uint8Array | string;
	readonly name?: string;
	readonly fields?: Readonly<Record<string, string>>;
	readonly sidecar?: string;
	readonly query?: string;
	readonly headers?: Readonly<Record<string, string>>;
}

const defaultFields = { fileCreatedAt: '2026-03-04T05:06:07.000Z', fileModifiedAt: '2026-03-04T05:06:07.000Z' };

/** Encodes an upload as clients do. */
export async function buildUpload({ bytes = 'content', name = 'a.jpg', fields = {}, sidecar }: SentFile) {
	const form = new FormData();
	for (const [key, value] of Object.entries({ ...defaultFields, ...fields })) form.set(key, value);
	form.set('assetData', new File([typeof bytes === 'string' ? bytes : new Uint8Array(bytes)], name));
	if (sidecar !== undefined) form.set('sidecarData', new File([sidecar], 'a.xmp'));
	const framed = new Response(form);
	return {
		raw: Buffer.from(await framed.arrayBuffer()),
		headers: { 'content-type': framed.headers.get('content-type') ?? '' }
	};
}

/** Uploads a file; without a credential if there is no token. */
export async function upload(api: Api, token: string | null, sent: SentFile = {}) {
	const { raw, headers } = await buildUpload(sent);
	return api.request('POST', `/api/assets${sent.query ?? ''}`, {
		...(token !== null && { token }),
		raw,
		headers: { ...headers, ...sent.headers }
	});
}

let pictures = 0;

/** Creates a picture that no other one equals. */
export const createUniquePicture = (): Promise<Buffer> =>
	createPicture('jpeg', 300 + (pictures++ % 300) * 2, 200 + pictures);

/** Uploads a new picture and returns its ID. */
export async function uploadPicture(api: Api, token: string, sent: SentFile = {}): Promise<string> {
	const reply = await upload(api, token, { bytes: await createUniquePicture(), ...sent });
	if (reply.status !== 201) throw new Error(`${reply.status} ${reply.text}`);
	return Uploaded.parse(reply.body).id;
}
