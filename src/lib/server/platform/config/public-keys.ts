import { createPublicKey, type KeyObject } from 'node:crypto';
import type { z } from 'zod';

/** Reads public keys separated by commas: PEM, or its base64 without header and footer. */
export function readPublicKeys(text: string, context: z.RefinementCtx): KeyObject[] {
	const bodies = text.split(',').map((key) => key.replaceAll(/-----[^-]+-----|\\n|\s/g, ''));
	return bodies
		.filter((body) => body !== '')
		.flatMap((body) => {
			try {
				const key = createPublicKey({ key: Buffer.from(body, 'base64'), format: 'der', type: 'spki' });
				// Other key types can't sign a digest, which an activation key is a signature of.
				if (key.asymmetricKeyType === 'rsa' || key.asymmetricKeyType === 'ec') return [key];
			} catch {
				// Reported below.
			}
			context.addIssue({ code: 'custom', message: 'must be public RSA keys in PEM, separated by commas' });
			return [];
		});
}
