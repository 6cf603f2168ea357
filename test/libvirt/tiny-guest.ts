// A guest of one sector: it says "tick" on both serial ports once a second, and switches itself off when its power button is pressed.

/** Where the firmware puts the first sector of a disk. */
const ORIGIN = 0x7c00;
const TEXT = "tick\r\n\0";

/** ACPI registers as SeaBIOS sets them up for both of QEMU's x86 machines: status 0x600, enable 0x602, control 0x604. */
const BEGIN = [
  ...[0x31, 0xc0, 0x8e, 0xd8, 0xfc, 0xfb], // xor ax,ax; mov ds,ax; cld; sti
  ...[0xba, 0x02, 0x06, 0xb8, 0x00, 0x01, 0xef], // out 0x602, 0x100: the button sets its bit in the status
];
const SAY = [
  ...[0xac, 0x84, 0xc0, 0x74, 0x0a], // lodsb; test al,al; jz to the end of this loop
  ...[0xba, 0xf8, 0x03, 0xee, 0xba, 0xf8, 0x02, 0xee, 0xeb, 0xf1], // out 0x3f8, al; out 0x2f8, al; again
];
const WAIT = [
  ...[0xb9, 0x12, 0x00, 0xf4], // mov cx,18 ticks of 55 ms; hlt
  ...[0xba, 0x00, 0x06, 0xed, 0xf6, 0xc4, 0x01, 0x74, 0x07], // in ax, 0x600; is bit 8 set?
  ...[0xba, 0x04, 0x06, 0xb8, 0x00, 0x20, 0xef], // out 0x604, 0x2000: off
  ...[0xe2, 0xed], // loop to the hlt
];

/** A disk of 1 MiB. */
export function tinyGuest(): Buffer {
  const loopAt = BEGIN.length;
  const code = [...BEGIN, 0xbe, 0, 0, ...SAY, ...WAIT];
  code.push(0xeb, (loopAt - (code.length + 2)) & 0xff);
  const textAt = ORIGIN + code.length;
  code[loopAt + 1] = textAt & 0xff;
  code[loopAt + 2] = textAt >> 8;
  const disk = Buffer.alloc(1024 * 1024);
  disk.set([...code, ...Buffer.from(TEXT)]);
  disk.set([0x55, 0xaa], 510);
  return disk;
}
