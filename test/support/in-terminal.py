"""Runs a program in a terminal of its own: what it writes goes to standard output, and lines of standard input are carried out:
`type HEX` types bytes, `size COLUMNS ROWS` makes the window another size."""
import fcntl, os, pty, select, struct, sys, termios


def set_size(fd, columns, rows):
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", int(rows), int(columns), 0, 0))


pid, terminal = pty.fork()
if pid == 0:
    set_size(0, sys.argv[1], sys.argv[2])
    os.execvp(sys.argv[3], sys.argv[3:])
orders, waiting = b"", [terminal, 0]
while terminal in waiting:
    for fd in select.select(waiting, [], [])[0]:
        try:
            data = os.read(fd, 65536)
        except OSError:
            data = b""
        if not data:
            # The program has ended, or whoever gives the orders: then the program is hung up on.
            waiting.clear()
            break
        elif fd == terminal:
            os.write(1, data)
        else:
            *lines, orders = (orders + data).split(b"\n")
            for word, *arguments in (line.decode().split() for line in lines):
                if word == "type":
                    os.write(terminal, bytes.fromhex(arguments[0]))
                else:
                    set_size(terminal, *arguments)
os.close(terminal)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
