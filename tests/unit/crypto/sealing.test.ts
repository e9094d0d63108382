import { describe, expect, it } from 'vitest';
import { createOpener, createSealer, createSealingKeys } from '#lib/server/platform/crypto/sealing.ts';

const texts = ['k7mp-x2vd-9hqt-4rwe', '', 'ä "quoted" \\ 😀\n'];

describe('sealed text', () => {
	it('opens only with the download key, unchanged', async () => {
		const { sealingKey, openingKey, downloadKey } = await createSealingKeys();
		const seal = await createSealer(sealingKey);
		const open = await createOpener(openingKey, downloadKey);
		for (const text of texts) expect(await open?.(await seal(text))).toBe(text);
	});

	it('differs each time, and reveals nothing of its content', async () => {
		const { sealingKey } = await createSealingKeys();
		const seal = await createSealer(sealingKey);
		const sealed = await Promise.all([seal('secret'), seal('secret')]);
		expect(new Set(sealed).size).toBe(2);
		for (const part of sealed.join('.').split('.'))
			expect(Buffer.from(part, 'base64url').toString('latin1')).not.toContain('secret');
	});

	it('does not open with another key', async () => {
		const [one, other] = await Promise.all([createSealingKeys(), createSealingKeys()]);
		expect(await createOpener(one.openingKey, other.downloadKey)).toBeNull();
		for (const downloadKey of ['', 'x', '!', 'A'.repeat(43), `${one.downloadKey}AA`])
			expect(await createOpener(one.openingKey, downloadKey)).toBeNull();
		const sealed = await (await createSealer(one.sealingKey))('secret');
		const open = await createOpener(other.openingKey, other.downloadKey);
		await expect(open?.(sealed)).rejects.toThrow();
	});

	it('has a public key without its private part', async () => {
		const { sealingKey } = await createSealingKeys();
		expect(sealingKey).toEqual({ kty: 'OKP', crv: 'X25519', x: expect.any(String) as string });
	});
});
