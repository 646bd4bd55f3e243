import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Provider;
import java.security.Security;
import java.security.cert.CertPathValidator;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

/**
 * What the JDK and Bouncy Castle say of paths when they ask an OCSP responder: {@code OcspJudge RESPONDER ROOT ISSUER LEAF...}.
 * Writes lines: judge, file of the leaf, "accepted" or what was thrown.
 */
public final class OcspJudge {
  private OcspJudge() {}

  public static void main(String[] arguments) throws Exception {
    Security.setProperty("ocsp.enable", "true");
    Map<String, Provider> judges = new LinkedHashMap<>();
    // null: whichever of the JDK's own providers does it.
    judges.put("JDK", null);
    judges.put("Bouncy Castle", new BouncyCastleProvider());
    for (Map.Entry<String, Provider> judge : judges.entrySet())
      for (int at = 3; at < arguments.length; at += 1)
        System.out.println(judge.getKey() + "\t" + arguments[at] + "\t" + verdict(judge.getValue(), arguments, arguments[at]));
  }

  private static String verdict(Provider provider, String[] arguments, String leaf) {
    try {
      CertificateFactory factory =
          provider == null ? CertificateFactory.getInstance("X.509") : CertificateFactory.getInstance("X.509", provider);
      CertPathValidator validator =
          provider == null ? CertPathValidator.getInstance("PKIX") : CertPathValidator.getInstance("PKIX", provider);
      List<Certificate> path = new ArrayList<>(List.of(read(factory, leaf), read(factory, arguments[2])));
      PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(read(factory, arguments[1]), null)));
      PKIXRevocationChecker checker = (PKIXRevocationChecker) validator.getRevocationChecker();
      checker.setOcspResponder(URI.create(arguments[0]));
      checker.setOptions(
          EnumSet.of(PKIXRevocationChecker.Option.ONLY_END_ENTITY, PKIXRevocationChecker.Option.NO_FALLBACK));
      parameters.addCertPathChecker(checker);
      validator.validate(factory.generateCertPath(path), parameters);
      return "accepted";
    } catch (Exception thrown) {
      return (thrown + " " + thrown.getCause()).replaceAll("\\s+", " ");
    }
  }

  private static X509Certificate read(CertificateFactory factory, String file) throws Exception {
    try (InputStream in = Files.newInputStream(Path.of(file))) {
      return (X509Certificate) factory.generateCertificate(in);
    }
  }
}
