import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.*;
import java.util.List;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.*;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.apache.arrow.vector.util.Text;
import org.zeromq.SocketType;
import org.zeromq.ZContext;

/**
 * Publishes a small table as one Arrow stream. Arguments: [ADDRESS [HOW]], a gateway's http://127.0.0.1:8080 and a query such as
 * "op=upsert&key=city", or its PULL socket, tcp://127.0.0.1:5413, and a header such as {"op":"upsert","key":"city"}.
 */
class Publish {
  public static void main(String[] args) throws Exception {
    var address = args.length > 0 ? args[0] : "http://127.0.0.1:8080";
    var how = args.length > 1 ? args[1] : "";
    if (address.startsWith("tcp:")) push(address, how, weather()); else post(address, how, weather());
  }

  static byte[] weather() throws Exception {
    try (var memory = new RootAllocator(); var city = new VarCharVector("city", memory);
        var celsius = new Float8Vector("celsius", memory)) {
      city.setSafe(0, new Text("Oslo"));
      city.setSafe(1, new Text("Rome"));
      celsius.setSafe(0, 4.5);
      celsius.setSafe(1, 17);
      for (var column : List.of(city, celsius)) column.setValueCount(2);
      var stream = new ByteArrayOutputStream();
      try (var rows = VectorSchemaRoot.of(city, celsius); var writer = new ArrowStreamWriter(rows, null, stream)) {
        writer.writeBatch();
        writer.end();
      }
      return stream.toByteArray();
    }
  }

  static void post(String gateway, String query, byte[] stream) throws Exception {
    var request = HttpRequest.newBuilder(URI.create(gateway + "/tables/weather?" + query))
        .header("Content-Type", "application/vnd.apache.arrow.stream")
        .POST(HttpRequest.BodyPublishers.ofByteArray(stream)).build();
    var answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 200) throw new Exception(answer.body());
    System.out.println(answer.body());
  }

  static void push(String address, String header, byte[] stream) {
    try (var context = new ZContext()) {
      context.setLinger(5000); // closing sends what waits, for so many milliseconds
      var socket = context.createSocket(SocketType.PUSH);
      socket.connect(address);
      socket.sendMore("weather");
      socket.sendMore(header);
      socket.send(stream);
    }
  }
}
