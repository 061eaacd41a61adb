/** Frames that the compressors of the LZ4 and Zstandard projects wrote (pyarrow's, and their commands). */
export interface Frame {
  readonly name: string;
  readonly codec: 'lz4' | 'zstd';
  readonly content: 'zeros' | 'words' | 'skewed';
  readonly byteLength: number;
  /** Base64. */
  readonly frame: string;
}

/** What was compressed. */
export function contentOf({ content, byteLength }: Frame): Uint8Array {
  if (content === 'zeros') return new Uint8Array(byteLength);
  const next = generator(content === 'words' ? 1 : 7);
  if (content === 'skewed') return Uint8Array.from({ length: byteLength }, () => 65 + (next() & 15 & next()));
  let text = '';
  while (text.length < byteLength) text += `w${next() % 40},`;
  return new TextEncoder().encode(text.slice(0, byteLength));
}

/** The high bits of a linear congruential generator modulo 2^31. */
function generator(seed: number): () => number {
  let state = BigInt(seed);
  return () => {
    state = (state * 1103515245n + 12345n) % 2n ** 31n;
    return Number(state >> 16n);
  };
}

export const FRAMES: readonly Frame[] = [
  { name: 'one byte', codec: 'lz4', content: 'words', byteLength: 1, frame: 'BCJNGGBAggEAAIB3AAAAAA==' },
  {
    name: 'zeros',
    codec: 'lz4',
    content: 'zeros',
    byteLength: 100000,
    frame:
      'BCJNGEBAwAsBAAAfAAEA/////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////+dQAAAAAACRAAAADwEA////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////D1AAAAAAAAAAAAA=',
  },
  {
    name: 'words',
    codec: 'lz4',
    content: 'words',
    byteLength: 600,
    frame:
      'BCJNGGBAgqUBAABCdzM4LAQA8iYzLHczNSx3MTEsdzI3LHcxMCx3MTksdzEyLHc2LHcyOSx3Nyx3NCx3MjAsdzI1LHcyMyx3OQcAITE3JADRNix3MTgsdzE1LHczMS8AIjE0CwABMABCLHcxNkIAACEAAEoAFjJvAJIzNCx3MTMsdzEmACIyOAQAA2gAAmAAADcAAUgAAC0AUTMzLHcwTwADFAAAMgARMisAAI8AAHIAEzOfAACNAAGKAAPTAADyABI30wASMrcAARoAABcAAMMAA5oAEDP2AACAAACTAAAUAABoABIyeQAAyQAAMwATOV0AAhIAITIxFgARNRgBAPoAAE8BAFcBANwAAngAAF0BAvUAAcQAAIYAAAUBAGcAAHsAAGMAAAgAADEAETExAADnAAErAABIAAB6AQBhAREwaAAAfQAApAACwgATNywAEjCTAAD8AAAdABE1kAABZQACNgAA0AERNUAAAMkBACcAANwAAFsBAysAALUAAL0AAPcAAIwAAKQAAJkBABQCAgUCAKYAAFsBACoAACIAABAAAC4AAKMAgDcsdzE5LHcyAAAAAA==',
  },
  {
    name: 'stored blocks',
    codec: 'lz4',
    content: 'skewed',
    byteLength: 40,
    frame: 'BCJNGGBAgigAAIBNQUJDQkJDQUFFQUNBQkNFQ0FBQUdNT0FBQkpBQ0VNQUFBQ0VBSUFFAAAAAA==',
  },
  {
    name: 'linked blocks of 64 KiB',
    codec: 'lz4',
    content: 'zeros',
    byteLength: 200000,
    frame:
      'BCJNGERAXgsBAAAfAAEA/////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////+dQAAAAAAALAQAAHwABAP/////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////nUAAAAAAACwEAAB8AAQD/////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////51AAAAAAABgAAAAfAAEA/////////////////zRQAAAAAAAAAAAAaDyw3A==',
  },
  {
    name: 'block checksums, content size',
    codec: 'lz4',
    content: 'zeros',
    byteLength: 200000,
    frame:
      'BCJNGHRAvQsBAAAfAAEA/////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////+dQAAAAAADriXInCwEAAB8AAQD/////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////51AAAAAAAOuJcicLAQAAHwABAP/////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////////nUAAAAAAA64lyJxgAAAAfAAEA/////////////////zRQAAAAAACnU9KLAAAAAGg8sNw=',
  },
  {
    name: 'linked words',
    codec: 'lz4',
    content: 'words',
    byteLength: 900,
    frame:
      'BCJNGGRApwYCAABCdzM4LAQA8iYzLHczNSx3MTEsdzI3LHcxMCx3MTksdzEyLHc2LHcyOSx3Nyx3NCx3MjAsdzI1LHcyMyx3OQcAITE3JADRNix3MTgsdzE1LHczMS8AIjE0CwABMABCLHcxNkIAACEAAAgAFjJvAAAQABAxSwACJgAiMjgEAANoAAJgAAA3AAFIAAAtAACwABEwTwADFAASOFEAEjePAAFkAAOfACMzMYoAA9MAAO4AEjfTABIytwAiMzC7ABAzwwADmgAjMza4AAM+ACMyMxgAEjOjAANNACYzMbUAETEWABE1GAETNE8BEzPcAAJ4AADuAAL1ACMzNIYAEjIyASIyNi0AEzKDAAAkAASXAQPvACIzMBUBITEwaAATOaQAAsIAFjckACIzMfwAA8EAEzVlAAI2ACExMhIAEjDJASYzOZIBAysAFjW3ASMxNk0BA+QBEjEFAhMzPAEAKgAEtgATMesAAyYAIzI3EAASOJ4AFTEhAgPdASIzOOsAIzMzLQASMWMAIzMyIAAUMdkBITI0CQESMv4BJTM5bwEjMTW1AQK4ABI0EgED8AEiMjFgAAOkABQyGwECOAEiMTn/ABE3WwATNeYAA1oCIzExDAADfQAiMTRsABI3cAEAugAEsAESNlABBKwBA7cAEjMWACYyNuoBEjhLACcyORQDkDksdzE1LHcxNQAAAAAJQj8J',
  },
  { name: 'one byte', codec: 'zstd', content: 'words', byteLength: 1, frame: 'KLUv/SABCQAAdw==' },
  {
    name: 'zeros, a block that repeats',
    codec: 'zstd',
    content: 'zeros',
    byteLength: 300000,
    frame: 'KLUv/aDgkwQAVAAAEAAAAQD7/znAAgIAEAADnwQA',
  },
  {
    name: 'words, level 1',
    codec: 'zstd',
    content: 'words',
    byteLength: 600,
    frame:
      'KLUv/WBYAf0HAPIKFg7ApwP/vzkRoU2ksK5OHOtFfbBTHIozI5hGHAUIMIhNEsNo5DZBwA12IrLPBgGB7EOmTvXArQf2EepBYh91oi6GSuf6rIP10Ecv66JPvagD9bEu9WHnhA1FICACgpC69P4NKeb72ZkhyJBxDko3GpsAwwYW31gDWx2MuSNqFzNGoOcjksOfA8+biw07NdlqaxjiliubpkgcnFs3EGxgjcOJuhYbfH15P5uMg0mRsrHtZgSWEyAvQGYwbdw1Y0DGTht4MW4O7GOgjg3GeOvZNs5YdFbJg1EbckuQbHc24uVGIzGsIoM/cMI48vsUGJp4gTuY9P3jhksOw4dLBA==',
  },
  {
    name: 'words, level 19',
    codec: 'zstd',
    content: 'words',
    byteLength: 3000,
    frame:
      'KLUv/WC4Cn0aADYbNA7ANQf/vzkRakKkNAc4JzIALQAuAHIBLlpe9GKKX3RWLsIX90K+F/NFHS5ouygvhheAF3JBF8aLcMEv7AvwBfHiL6YXjeoF9vSpzMYKLGdJnkN2OWWuC+HsbfUibkSPFfC5ZGAg0oe+Mt/20C9CQUm9qEtk4Ck2YyQKiT2wVNZrU2nbSt8aXn25mGKcGgC6sAsODTm6ly2JKNBIK8nyTqdIq1zGwFy2HaJa0UxYVj20DNVHnvTTDr3UwJr6rAkLpi88tE+AJgEJ6ITOi0BzihSBZagheStJMuyfASEIwlAcyVE+ESAIVDeikmEMW1X5Ow/60phIQPJX0QIytmCxNU3+WUuAESjZBsc2hmUfEB7pKX30G4s67FerTtai7rjXoHrsS3uL2D0oRshX1If8UrwKCplnEDGK/0bphiBMjxdtA1YTHZIsNYQ2y0oTz/8BDNnC9Jrtcb4qcgFhQUQiPFItFb32tLPlZeoTNggpwCbjcSHxT2CBhrlQ9Sm7++WtgAAS6CTJ8oWgbVW9wKcAQ1KWXWorvZiRHakMqkSRevM3vfH8GagyL5t0yZ1rPPybIeroDyb3WmqF9YaiMR6hKNdH4leCYvmjiR79wYk9e60g9TMCmcomUL7ytGBgMHdo0Rob7n7byC9m06Nhok/YMGdvXrW6aO2/Jd/jqIzbvX3RZJEAn4jawdiSlrT1cmSFATQctcCOTrNIBYzd//Y3kzrClJkUgpsIa/0i5qY3hiI6uJYpIXRNiCDzAvnPH4ykXh1UvKaFUso5IzouRMO791L9h6xkJEwOxxt8RZZMZ/8t+3iyEvvNWd8g//nmfw/hlw8D959ShFpea9jCH9YSrKSNg7c8kNVaE6b9dWG56SpNnBy1WK59kqavd37Pp1veYCvH0n6ThQ72WqF3XXP2iwBU566WtsfrBb4d8ohOytHO0wq7G1zlTmkEMHXkLobEHOChGw9ekHghyAHTd1PM+e3pJKTZcxCrYUrnWdmZ31KpOUAPcfwfO0JxnSJ+9RhMF2rWz/jFxiDEcS4IO5RBKUQbucpuHAwSU/deN3bpO9W+qvPM0LpuOBE7I/L0mA4nfhiMw7rJXk/OgSPv/QUjhJrJU/muqna/FFwZ1ik=',
  },
  {
    name: 'a coded tree, four streams',
    codec: 'zstd',
    content: 'skewed',
    byteLength: 1200,
    frame:
      'KLUv/WCwA00SACYyXw+gpen225K9tq1skv//DzNXAFsAWwD0M5Xic71sAozW33QhE4uaelTMGJeNlbrBRdIWxy4XtnDafbgfgKUItcRiIjeRVJmmBmjWbMUB0nwzoTGmJHBKGSv0eUw1JazT5V/Kaz+U8bPcvM+NuwRlleqRViSccanQZDwoh9IYaxpqhehxDL2XrLhTb3eSmWWufSI5sK4vBgaVLxge7dQdVIiARXaakCONE4qaCCpCnsxGj4YO2hAFMOkCB8IvxKOJQpMENbNIkwYRhQYYo4coGBQL0+BMkDpHNd2viCZDs5mi7ACEMtMgcrUbM9qog8kUSiNC62xAiqrhdgMNqeN4wEVoGYLsrU/SZLRdqXTp5NJW0jEXQIoOnhaeLGllE0wjmpx33LMLSIYG33VmqhnU8Lxeiemg0yEErAuXPgAmfAGGXERGNOZ1e+5ly2IAfUU4oaAYJsl2dUQsqk9Ccy4VIvaF3yCVizBcTLzZBYH8MqAEfy1GeMbHRIHUWd8UXqihGITMIENEAYkkSYoZAxAUohhMDxDQN0poMdBhBXw9wVftrAkOyihHuz70SlypgF4AHFB3hZjEtTUknTQTdH+0pWpYEOQ5ljnFNsVV++uEyJkLW+ZoRAAkH7lJhuhm/Aw+mPA9+Q180lZZTbNvdscqBF2UYkaEwjrQcDU5iFIwXNJy8oRf47nV5sHVNxiopsb2ecmTbmZT871GflceFMtYW+QeXc6z4y8Upjd7Kps9UeCjCQ+LWAOlV+Z07cMkboTMURJpKjG9ag==',
  },
  {
    name: 'one stream',
    codec: 'zstd',
    content: 'skewed',
    byteLength: 200,
    frame:
      'KLUv/SDIRQMAggwZD7AnHa232d2WEEmkzDC4C7+fmyvYeBChS8d/CZ+Vcq2s6AITg5ZYdl1s8dnlfyfcb2BRMKXxeMg9DKiep8VMmu244MxHDqYU0hFIqsYKnVweIlR+YX0u/yqnPVHlZ7l5nxt3BQA=',
  },
  {
    name: 'a checksum, no content size',
    codec: 'zstd',
    content: 'words',
    byteLength: 600,
    frame:
      'KLUv/QRYJQcAYgsXDsCnA/+/ORGhTaSwrk4c60V9UKIoNJtCMI0QBwsQYKBGg/QihumgayS3CXaywU7EQUAg+5CpUz1w64F9hHqQ2EedqIuh0rk+62A99NHLuuhTL+pAfaxLfdg5YQNDqFFFGohJS/sZIAJijILUAxAQ6LExS5wbG6CERATpxVD7dUWYV6XAXCohWUMx1vhHe+R/zOmzOowlb0uzz0Gy2PiWfcz4sxp+l6WqZINWC4xBajqQOpB24ze0qH11TEOr2vCJwpklEiXwZinPgpd+1FeD36Thy/hF48Rsdyk9qiyVdb99jHaGsg==',
  },
  {
    name: 'two frames and one to skip',
    codec: 'zstd',
    content: 'words',
    byteLength: 600,
    frame:
      'KLUv/SD69QMAEoYNDsCnA/+/OaGlRvayrk4cFi2hGiDIbGkztmGjFVuyHbWyNCtmwWzY2jI7drZlC7Y1u62gJQkdHABWS2hYQ8EWiMxdyTDLw0hVAW4SJOybvQ2oC5YgoDXAGAPIMO5u4KRGZ0LIeG/FgqgFRRia6gKXwaS6f1TDpYLhgyMCUypNGAUAAABhYmNkZSi1L/1gXgBVBQAihw8PwCUd/79xu7VNiJSWqxMH6yPeR1QXDRHWw7ShSBglgFJfINipPthFnz56YJ8u6qTWx7Yu1IU9UA/s0mV91i4gIEKjrLwBCjJiUIDcBO0F+GnuioHm3NOhiEPIm3NGxGQA4yqOri9mi8HDiI7A5dCijTMBh7mJY8Bmq80QLUmF5+yIxwJylCJ2gFmAX4BauFYHxkeby7hGGoLVE4QgtsGW+R7n4ofrBA==',
  },
];
