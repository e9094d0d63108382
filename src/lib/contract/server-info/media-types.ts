const endings = (text: string): string[] => text.trim().split(/\s+/);

/** File extensions that clients offer for upload, as Immich 3.2.2 lists them. */
export const mediaTypes = {
	video: endings(`
		.3gp .3gpp .avi .flv .insv .m2t .m2ts .m4v .mkv .mov .mp4 .mpe .mpeg .mpg .mts .mxf .ts .vob .webm
		.wmv`),
	image: endings(`
		.3fr .ari .arw .avif .bmp .cap .cin .cr2 .cr3 .crw .dcr .dng .erf .fff .gif .heic .heif .hif .iiq
		.insp .jp2 .jpe .jpeg .jpg .jxl .k25 .kdc .mpo .mrw .nef .nrw .orf .ori .pef .png .psd .raf .raw
		.rw2 .rwl .sr2 .srf .srw .svg .tif .tiff .webp .x3f`),
	sidecar: ['.xmp']
};
