# A device of pymodbus: MODE is tcp, rtu or rtu-over-tcp; TARGET a port of the loopback or a serial device.
# Holding registers: 0-1, 2-3, 4-5 and 6-7 are 21.5 as ABCD, CDAB, BADC and DCBA; 10 is -100; 11 a bit field; 12 is 32767;
# 20-23 the float64 -1.5; 60 and 61 count how often they were read; nothing is there from 64 on and at 50.
# Coils 0 to 9 and discrete inputs 0 to 9 are on where the number is odd. Input register 3 is 4242.
import asyncio
import logging
import sys

from pymodbus.datastore import ModbusServerContext, ModbusSlaveContext, ModbusSparseDataBlock
from pymodbus.server import async_io
from pymodbus.transaction import ModbusRtuFramer, ModbusSocketFramer

mode, target = sys.argv[1], sys.argv[2]
logging.disable(logging.CRITICAL)


class Holding(ModbusSparseDataBlock):
    reads = 0

    def getValues(self, address, count=1):
        values = super().getValues(address, count)
        for place in (60, 61):
            if address <= place < address + count:
                Holding.reads += 1
                values[place - address] = Holding.reads & 0xFFFF
        return values


holding = {place: 0 for place in range(64) if place != 50}
for at, words in enumerate([(0x41AC, 0), (0, 0x41AC), (0xAC41, 0), (0, 0xAC41)]):
    holding[2 * at], holding[2 * at + 1] = words
holding |= {10: 0xFF9C, 11: 0b1011_0000, 12: 32767, 20: 0xBFF8}
bits = {place: place % 2 for place in range(10)}
unit = ModbusSlaveContext(
    co=ModbusSparseDataBlock(bits),
    di=ModbusSparseDataBlock(bits),
    ir=ModbusSparseDataBlock({3: 4242}),
    hr=Holding(holding),
    zero_mode=True,
)
context = ModbusServerContext(slaves={1: unit}, single=False)


async def serve():
    if mode == "rtu":
        server = async_io.ModbusSerialServer(context, port=target, baudrate=19200, ignore_missing_slaves=True)
        await server.start()
        print("ready 0", flush=True)
    else:
        framer = ModbusSocketFramer if mode == "tcp" else ModbusRtuFramer
        address = ("127.0.0.1", int(target))
        server = async_io.ModbusTcpServer(
            context, framer=framer, address=address, allow_reuse_address=True, ignore_missing_slaves=True
        )
        server.serving.add_done_callback(
            lambda _: print("ready", server.server.sockets[0].getsockname()[1], flush=True)
        )
    await server.serve_forever()


asyncio.run(serve())
