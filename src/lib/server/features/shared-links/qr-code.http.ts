/** A QR code as the path of an SVG image. */
export interface QrCode {
	/** Modules per side, with the quiet zone around them. */
	readonly size: number;
	readonly path: string;
}

/** Returns the QR code of an address. Its library is loaded when it is first needed. */
export async function buildQrCode(address: string): Promise<QrCode> {
	const { encode } = await import('uqr');
	const { data, size } = encode(address, { ecc: 'M', border: 4 });
	const path = data.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : []))).join('');
	return { size, path };
}
