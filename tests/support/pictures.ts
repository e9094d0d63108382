import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';

type Format = 'jpeg' | 'png' | 'webp' | 'gif' | 'avif';

/** Creates a picture whose left half is red and right half is blue. */
export async function createPicture(format: Format, width = 400, height = 300): Promise<Buffer> {
	const red = await sharp({ create: { width: width >> 1, height, channels: 3, background: '#f00' } })
		.png()
		.toBuffer();
	return sharp({ create: { width, height, channels: 3, background: '#00f' } })
		.composite([{ input: red, left: 0, top: 0 }])
		.toFormat(format)
		.toBuffer();
}

/** Creates a small PNG that claims to be large: unpacked, it would fill the memory. */
export function pngBomb(side: number): Buffer {
	const header = Buffer.alloc(13);
	header.writeUInt32BE(side, 0);
	header.writeUInt32BE(side, 4);
	header.set([8, 2], 8);
	const pixels = deflateSync(Buffer.alloc(8 * 1024 * 1024));
	return Buffer.concat([
		Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
		chunk('IHDR', header),
		chunk('IDAT', pixels),
		chunk('IEND', Buffer.alloc(0))
	]);
}

function chunk(type: string, content: Buffer): Buffer {
	const named = Buffer.concat([Buffer.from(type, 'latin1'), content]);
	const [size, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
	size.writeUInt32BE(content.length);
	sum.writeUInt32BE(crc32(named));
	return Buffer.concat([size, named, sum]);
}

/** Encodes a file as a browser or an app does. */
export async function buildMultipart(bytes: Uint8Array | string, { field = 'file', name = 'me.jpg' } = {}) {
	const form = new FormData();
	form.set(field, new File([typeof bytes === 'string' ? bytes : new Uint8Array(bytes)], name));
	const framed = new Response(form);
	const type = framed.headers.get('content-type') ?? '';
	return { raw: Buffer.from(await framed.arrayBuffer()), headers: { 'content-type': type } };
}
