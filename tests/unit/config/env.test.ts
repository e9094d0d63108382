import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readEnv } from '#lib/server/platform/config/env.ts';

const rsa = () => generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey;
const toPem = (key: KeyObject) => key.export({ type: 'spki', format: 'pem' }).toString();
const read = (text?: string) => readEnv({ IMMICH_AUTH_LICENSE_PUBLIC_KEYS: text }).licensePublicKeys;

describe('IMMICH_AUTH_LICENSE_PUBLIC_KEYS', () => {
	it.each([undefined, '', ' , '])('has no key if it is %j', (text) => {
		expect(read(text)).toEqual([]);
	});

	it('accepts PEM as is, on one line, and without header and footer', () => {
		const keys = [rsa(), rsa(), rsa()];
		const [plain = '', oneLine = '', bare = ''] = keys.map(toPem);
		const texts = [plain, oneLine.replaceAll('\n', '\\n'), bare.replaceAll(/-----[^-]+-----|\n/g, '')];
		const found = read(texts.join(','));
		expect(found.map((key, index) => keys[index]?.equals(key))).toEqual([true, true, true]);
	});

	it.each([
		['no key', 'nonsense'],
		['one good key and a bad one', `${toPem(rsa())},AAAA`],
		['a key that signs no digest', toPem(generateKeyPairSync('ed25519').publicKey)]
	])('stops the start for %s, and names the variable', (_, text) => {
		expect(() => read(text)).toThrow(/^IMMICH_AUTH_LICENSE_PUBLIC_KEYS: must be public RSA keys/);
	});
});

describe('IMMICH_MACHINE_LEARNING_ENABLED', () => {
	it.each([
		[undefined, false],
		['', false],
		['false', false],
		['true', true]
	])('reads %j as %j', (value, hasMachineLearning) => {
		expect(readEnv({ IMMICH_MACHINE_LEARNING_ENABLED: value })).toMatchObject({ hasMachineLearning });
	});
});
